import type { ArContent, BulkAction } from "@arv/api-client";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { useToast } from "@/components/use-toast";
import { useChangeContents } from "../api/change-contents";
import type { BulkOutcome } from "../bulk-outcome";
import { NOTHING } from "../selection";
import { BulkQuestion, BulkResults, isAskedAbout, MoveDialog } from "./bulk-dialogs";
import { ContentRows } from "./content-rows";
import type { ProjectField } from "./duplicate-form";
import { SelectionBar } from "./selection-bar";

interface SelectableContentsProps {
  companyId: string;
  contents: ArContent[];
  archived: boolean;
  canEdit: boolean;
  projectName: (projectId: string) => string | undefined;
  projectField: ProjectField;
  link: (content: ArContent, className: string) => ReactNode;
}

/** A list of prints of which several can be selected, and what is then done with them. */
export function SelectableContents({ contents, canEdit, ...props }: SelectableContentsProps) {
  const [selection, setSelection] = useState(NOTHING);
  const chosen = contents.filter((content) => selection.ids.has(content.id));
  const done = (outcome: BulkOutcome) =>
    setSelection({ ids: new Set(outcome.failed.map((each) => each.id)), anchor: null });
  return (
    <>
      <ContentRows
        contents={contents}
        selection={selection}
        onSelect={canEdit ? setSelection : undefined}
        link={props.link}
        projectName={props.projectName}
      />
      {canEdit && (
        <BulkActions
          {...props}
          chosen={chosen}
          onDone={done}
          onClear={() => setSelection(NOTHING)}
        />
      )}
    </>
  );
}

interface BulkActionsProps
  extends Pick<SelectableContentsProps, "companyId" | "archived" | "projectField"> {
  chosen: ArContent[];
  onDone: (outcome: BulkOutcome) => void;
  onClear: () => void;
}

/** The bar of what can be done, the question before it, and what came of it. */
function BulkActions({ companyId, archived, chosen, ...props }: BulkActionsProps) {
  const { t } = useTranslation("contents");
  const toast = useToast();
  const [asking, setAsking] = useState<BulkAction | null>(null);
  const [outcome, setOutcome] = useState<BulkOutcome | null>(null);
  const close = () => setAsking(null);
  const change = useChangeContents(companyId, (done) => {
    close();
    props.onDone(done);
    if (done.failed.length > 0) setOutcome(done);
    else toast(t(`bulk.${done.action}.done`, { count: done.succeeded }));
  });
  const act = (action: BulkAction, projectId?: string) =>
    change.mutate({ action, contents: chosen, projectId });
  const ask = (action: BulkAction) => {
    change.reset();
    if (isAskedAbout(action) || action === "move") setAsking(action);
    else act(action);
  };
  const dialog = { onClose: close, pending: change.isPending, error: change.error };
  return (
    <>
      {asking === null && <ProblemNotice error={change.error} />}
      <SelectionBar
        count={chosen.length}
        archived={archived}
        pending={change.isPending}
        onAct={ask}
        onClear={props.onClear}
      />
      <BulkQuestion
        action={asking && isAskedAbout(asking) ? asking : null}
        count={chosen.length}
        onConfirm={() => asking && act(asking)}
        {...dialog}
      />
      <MoveDialog
        opened={asking === "move"}
        title={t("bulk.move.title", { count: chosen.length })}
        picker={props.projectField}
        onMove={(projectId) => act("move", projectId)}
        {...dialog}
      />
      <BulkResults outcome={outcome} onClose={() => setOutcome(null)} />
    </>
  );
}
