import { Checkbox } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogForm } from "@/components/dialog-form";
import { kindWords } from "../kind-words";
import classes from "./notifications.module.css";

interface ChannelKindsProps {
  chosen: string[];
  offered: string[];
  onChoose: (kinds: string[]) => void;
  onCancel: () => void;
  pending: boolean;
  error: unknown;
}

/** What a chat hears of. */
export function ChannelKinds({ chosen, offered, onChoose, ...form }: ChannelKindsProps) {
  const { t } = useTranslation(["notifications", "common"]);
  const [kinds, setKinds] = useState(chosen);
  return (
    <DialogForm
      submitLabel={t("common:common.save")}
      onSubmit={() => onChoose(kinds)}
      disabled={kinds.length === 0}
      {...form}
    >
      <Checkbox.Group label={t("channels.hears")} value={kinds} onChange={setKinds}>
        <div className={classes.choices}>
          {offered.map((kind) => (
            <Checkbox key={kind} value={kind} label={kindWords(kind, t)} />
          ))}
        </div>
      </Checkbox.Group>
    </DialogForm>
  );
}
