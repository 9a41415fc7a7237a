import { ActionIcon, Button, NativeSelect, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { reordered, Sortable, useSortableItem } from "@/components/sortable";
import { type RotationKind, type Turn, without } from "../rules";
import { Poster, type VideoFace } from "./poster";
import classes from "./rule-dialog.module.css";

interface TurnListProps {
  kind: RotationKind;
  turns: Turn[];
  videos: VideoFace[];
  onChange: (turns: Turn[]) => void;
}

/** Videos in their order; by time of day the time makes the order. */
export function TurnList({ kind, turns, videos, onChange }: TurnListProps) {
  const { t } = useTranslation("schedule");
  const { keys, setKeys, newKey } = useKeys(turns.length);
  const nameOf = (turn: Turn) => videos.find((video) => video.id === turn.video_id)?.name ?? "–";
  const items = turns.map((turn, at) => ({ id: keys[at] ?? `${at}`, name: nameOf(turn) }));
  const move = (from: number, to: number) => {
    setKeys(reordered(keys, from, to));
    onChange(reordered(turns, from, to));
  };
  const remove = (index: number) => {
    setKeys(without(keys, index));
    onChange(without(turns, index));
  };
  const add = () => {
    const next = begunTurn(kind, turns, videos);
    if (!next) return;
    setKeys([...keys, newKey()]);
    onChange([...turns, next]);
  };
  return (
    <fieldset className={classes.turns}>
      <legend className={classes.legend}>{t("form.turns")}</legend>
      <Sortable items={items} onMove={move}>
        {items.map((item, index) => (
          <TurnRow
            key={item.id}
            {...item}
            kind={kind}
            turn={turns[index] as Turn}
            videos={videos}
            isOnly={turns.length === 1}
            onRemove={() => remove(index)}
            onChange={(part) =>
              onChange(turns.map((each, at) => (at === index ? { ...each, ...part } : each)))
            }
          />
        ))}
      </Sortable>
      <div>
        <Button leftSection={<IconPlus size={16} aria-hidden />} size="sm" onClick={add}>
          {t("form.addTurn")}
        </Button>
      </div>
    </fieldset>
  );
}

/** Turns have no ids; these stay with them while they are moved about. */
function useKeys(count: number) {
  const made = useRef(0);
  const newKey = () => {
    made.current += 1;
    return `turn-${made.current}`;
  };
  const [keys, setKeys] = useState(() => Array.from({ length: count }, newKey));
  return { keys, setKeys, newKey };
}

function begunTurn(kind: RotationKind, turns: Turn[], videos: VideoFace[]): Turn | null {
  const used = new Set(turns.map((turn) => turn.video_id));
  const next = videos.find((video) => !used.has(video.id)) ?? videos[0];
  if (!next) return null;
  const from_time = kind === "hours" ? "12:00" : null;
  return { video_id: next.id, weight: 1, weekdays: [], from_time };
}

interface TurnRowProps {
  id: string;
  name: string;
  kind: RotationKind;
  turn: Turn;
  videos: VideoFace[];
  isOnly: boolean;
  onChange: (part: Partial<Turn>) => void;
  onRemove: () => void;
}

function TurnRow({ kind, turn, videos, onChange, ...props }: TurnRowProps) {
  const { t } = useTranslation("schedule");
  const { item, grip } = useSortableItem(props.id, props.name);
  const known = videos.some((video) => video.id === turn.video_id);
  return (
    <div {...item} className={`${item.className} ${classes.turn}`}>
      {kind !== "hours" && !props.isOnly && grip}
      {kind === "hours" && (
        <TextInput
          className={classes.turnTime}
          type="time"
          aria-label={t("form.fromTime")}
          value={turn.from_time ?? ""}
          onChange={(event) => onChange({ from_time: event.currentTarget.value || null })}
        />
      )}
      <Poster video={videos.find((video) => video.id === turn.video_id)} />
      <NativeSelect
        className={classes.turnVideo}
        aria-label={t("form.video")}
        value={turn.video_id}
        data={[
          ...(known ? [] : [{ value: turn.video_id, label: "–" }]),
          ...videos.map((video) => ({ value: video.id, label: video.name })),
        ]}
        onChange={(event) => onChange({ video_id: event.currentTarget.value })}
      />
      {kind === "random" && (
        <TextInput
          className={classes.turnWeight}
          type="number"
          min={1}
          max={100}
          aria-label={t("form.weight")}
          value={turn.weight ?? 1}
          onChange={(event) => onChange({ weight: within(event.currentTarget.valueAsNumber) })}
        />
      )}
      <ActionIcon
        aria-label={t("form.removeTurn", { name: props.name })}
        disabled={props.isOnly}
        onClick={props.onRemove}
      >
        <IconX size={18} />
      </ActionIcon>
    </div>
  );
}

const within = (weight: number) => Math.min(100, Math.max(1, Math.round(weight) || 1));
