import { IconArrowDown, IconArrowUp, IconPencil, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type ItemAction, ItemMenu } from "@/components/item-menu";
import { useSortableItem } from "@/components/sortable";
import { without } from "../rules";
import { Poster, type VideoFace } from "./poster";
import classes from "./schedule.module.css";

interface RowProps<T> {
  id: string;
  name: string | undefined;
  words: string;
  /** What is not obvious about it, and what may not be as it was meant. */
  hint: string | null;
  warnings: string[];
  videoId: string;
  videos: VideoFace[];
  canEdit: boolean;
  onEdit: () => void;
  list: T[];
  index: number;
  onList: (list: T[]) => void;
  onMove: (from: number, to: number) => void;
}

/** One rule in plain words, with what can be done about it. */
export function RuleRow<T>(props: RowProps<T>) {
  const { name, words, hint, videos, canEdit, list } = props;
  const video = videos.find((each) => each.id === props.videoId);
  const problem = useProblem(video);
  const warnings = problem ? [problem] : props.warnings;
  const actions = useActions(props);
  const { t } = useTranslation("schedule");
  const { item, grip } = useSortableItem(props.id, name || words);
  return (
    <li {...item} className={`${item.className} ${classes.rule}`} data-testid="rule">
      {canEdit && list.length > 1 && grip}
      <Poster video={video} />
      <span className={classes.ruleWords}>
        <strong>{words}</strong>
        <span>{[name, video?.name].filter(Boolean).join(" · ")}</span>
        {hint && <span>{hint}</span>}
        {warnings.map((warning) => (
          <span key={warning} className={classes.problem}>
            {warning}
          </span>
        ))}
      </span>
      {canEdit && <ItemMenu label={t("rule.menu", { name: name || words })} actions={actions} />}
    </li>
  );
}

function useActions<T>({ list, index, onEdit, onList, onMove }: RowProps<T>): ItemAction[] {
  const { t } = useTranslation("schedule");
  const up = { label: t("rule.up"), icon: IconArrowUp, onClick: () => onMove(index, index - 1) };
  const down = {
    label: t("rule.down"),
    icon: IconArrowDown,
    onClick: () => onMove(index, index + 1),
  };
  const remove = { label: t("rule.remove"), icon: IconTrash, danger: true };
  return [
    { label: t("rule.edit"), icon: IconPencil, onClick: onEdit },
    ...(index > 0 ? [up] : []),
    ...(index < list.length - 1 ? [down] : []),
    { ...remove, onClick: () => onList(without(list, index)) },
  ];
}

function useProblem(video: VideoFace | undefined): string | null {
  const { t } = useTranslation("schedule");
  if (!video) return t("gone");
  return video.url ? null : t("making");
}
