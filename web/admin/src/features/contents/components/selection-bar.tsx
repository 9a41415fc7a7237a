import type { BulkAction } from "@arv/api-client";
import { ActionIcon, Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./selection-bar.module.css";

interface SelectionBarProps {
  count: number;
  /** The archive is shown: other things can be done there. */
  archived: boolean;
  pending: boolean;
  onAct: (action: BulkAction) => void;
  onClear: () => void;
}

const IN_USE = ["publish", "unpublish", "move", "archive", "delete"] as const;
const IN_ARCHIVE = ["restore", "delete"] as const;

/** What can be done with those that are selected; stays in sight while the list scrolls. */
export function SelectionBar({ count, archived, pending, onAct, onClear }: SelectionBarProps) {
  const { t } = useTranslation("contents");
  if (count === 0) return null;
  return (
    <section className={classes.bar} aria-label={t("select.bar")}>
      <div className={classes.count}>
        <ActionIcon className={classes.clear} aria-label={t("select.clear")} onClick={onClear}>
          <IconX size={20} />
        </ActionIcon>
        <span role="status">{t("select.count", { count })}</span>
      </div>
      <div className={classes.actions}>
        {(archived ? IN_ARCHIVE : IN_USE).map((action, index) => (
          <Button
            key={action}
            size="sm"
            className={classes.action}
            variant={index === 0 ? "filled" : "subtle"}
            disabled={pending}
            onClick={() => onAct(action)}
            data-testid={`bulk-${action}`}
          >
            {t(`bulk.${action}.do`)}
          </Button>
        ))}
      </div>
    </section>
  );
}
