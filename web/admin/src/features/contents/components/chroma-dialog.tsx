import type { ArContent, ChromaKey, Tagged, Video } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconColorPicker, IconColorPickerOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogForm } from "@/components/dialog-form";
import { formatDuration } from "@/lib/format";
import { useSetChromaKey } from "../api/set-chroma-key";
import { FIRST_KEY, previewUrl } from "../chroma";
import classes from "./chroma-dialog.module.css";
import { ChromaFrame } from "./chroma-frame";
import { RangeField } from "./range-field";

interface ChromaFormProps {
  content: Tagged<ArContent>;
  video: Video;
  onDone: () => void;
}

const DEBOUNCE_MS = 250;
const SLIDERS = ["tolerance", "softness", "despill"] as const;

/** Which colour of a video becomes transparent, tried on one of its frames. */
export function ChromaForm({ content, video, onDone }: ChromaFormProps) {
  const { t } = useTranslation(["videos", "common"]);
  const [key, setKey] = useState<ChromaKey>(video.chroma_key ?? FIRST_KEY);
  const [atSeconds, setAtSeconds] = useState(Math.min(0.5, video.duration_seconds / 2));
  const [picking, setPicking] = useState(false);
  const start = useSetChromaKey(content, video.id, onDone);
  const change = (part: Partial<ChromaKey>) => setKey((before) => ({ ...before, ...part }));
  const [shown] = useDebouncedValue({ key, atSeconds }, DEBOUNCE_MS);
  return (
    <DialogForm
      submitLabel={t("chroma.start")}
      onSubmit={() => start.mutate(key)}
      onCancel={onDone}
      pending={start.isPending}
      error={start.error}
      submitTestId="chroma-start"
    >
      <ChromaFrame
        original={previewUrl(content, video, shown.atSeconds, null)}
        keyed={previewUrl(content, video, shown.atSeconds, shown.key)}
        ratio={video.width / video.height}
        picking={picking}
        guess={video.chroma_key === null}
        onPicked={(color, byHand) => {
          change({ color });
          if (byHand) setPicking(false);
        }}
      />
      <ColorRow color={key.color} picking={picking} onChange={change} onPicking={setPicking} />
      <Sliders value={key} onChange={change} />
      {video.chroma_key && <NoKey onChosen={() => start.mutate(null)} pending={start.isPending} />}
      <RangeField
        label={t("chroma.frame")}
        value={atSeconds}
        min={0}
        max={Math.max(0.1, video.duration_seconds - 0.1)}
        step={0.1}
        shown={formatDuration(atSeconds)}
        onChange={setAtSeconds}
      />
    </DialogForm>
  );
}

interface ColorRowProps {
  color: string;
  picking: boolean;
  onChange: (part: Partial<ChromaKey>) => void;
  onPicking: (picking: boolean) => void;
}

/** The colour, chosen from a field or from the picture. */
function ColorRow({ color, picking, onChange, onPicking }: ColorRowProps) {
  const { t } = useTranslation("videos");
  return (
    <>
      <div className={classes.color}>
        <label className={classes.swatch}>
          <input
            type="color"
            value={color}
            onChange={(event) => onChange({ color: event.currentTarget.value })}
          />
          <span>{t("chroma.color")}</span>
          <code>{color}</code>
        </label>
        <Button
          leftSection={<IconColorPicker size={17} aria-hidden />}
          aria-pressed={picking}
          onClick={() => onPicking(!picking)}
        >
          {t(picking ? "chroma.pickStop" : "chroma.pick")}
        </Button>
      </div>
      {picking && <p className={classes.hint}>{t("chroma.pickHint")}</p>}
    </>
  );
}

/** The way back to the video as it was sent. */
function NoKey({ onChosen, pending }: { onChosen: () => void; pending: boolean }) {
  const { t } = useTranslation("videos");
  return (
    <div className={classes.none}>
      <Button
        leftSection={<IconColorPickerOff size={17} aria-hidden />}
        onClick={onChosen}
        disabled={pending}
        aria-describedby="chroma-none-hint"
        data-testid="chroma-none"
      >
        {t("chroma.none")}
      </Button>
      <span id="chroma-none-hint" className={classes.hint}>
        {t("chroma.noneHint")}
      </span>
    </div>
  );
}

interface SlidersProps {
  value: ChromaKey;
  onChange: (part: Partial<ChromaKey>) => void;
}

function Sliders({ value, onChange }: SlidersProps) {
  const { t } = useTranslation("videos");
  return SLIDERS.map((name) => (
    <RangeField
      key={name}
      label={t(`chroma.${name}`)}
      hint={t(`chroma.${name}Hint`)}
      value={value[name]}
      min={name === "tolerance" ? 0.01 : 0}
      max={1}
      step={0.01}
      shown={`${Math.round(value[name] * 100)} %`}
      onChange={(changed) => onChange({ [name]: changed })}
    />
  ));
}
