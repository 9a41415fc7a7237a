import type { ContentImport } from "@arv/api-client";
import { Button } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/components/empty-state";
import { Page, PageHeader } from "@/components/page";
import { ImportFlow } from "@/features/imports/components/import-flow";
import { ImportList } from "@/features/imports/components/import-list";
import { RunPanel } from "@/features/imports/components/run-panel";
import { ProjectPicker } from "@/features/projects/components/project-picker";
import { useLeaveGuard } from "@/features/uploads/use-leave-guard";
import { useMembership } from "../membership";
import { BackLink } from "../shell/back-link";

/** Many prints at once, from a table and a folder of files. */
export function ImportRoute() {
  const { t } = useTranslation("contents");
  const { company, canEdit } = useMembership();
  return (
    <Page title={t("import.title")}>
      <PageHeader
        back={
          <BackLink to="/c/$companySlug/contents" params={{ companySlug: company.slug }}>
            {t("all.title")}
          </BackLink>
        }
        title={t("import.title")}
        lead={t("import.lead")}
      />
      {canEdit ? (
        <Import />
      ) : (
        <EmptyState title={t("import.forEditors")} words={t("import.forEditorsWords")} />
      )}
      <ImportList companyId={company.id} />
    </Page>
  );
}

function Import() {
  const { t } = useTranslation("contents");
  const { company } = useMembership();
  const { project, run } = useSearch({ from: "/signed-in/c/$companySlug/import" });
  const navigate = useNavigate({ from: "/c/$companySlug/import" });
  const [busy, setBusy] = useState(false);
  useLeaveGuard(busy);
  const go = (search: { project?: string; run?: string }) =>
    void navigate({ search, replace: true, resetScroll: search.run !== run });
  if (run) {
    return (
      <RunPanel
        companyId={company.id}
        importId={run}
        onAnother={() => go({ project })}
        toPrints={(found) => <ToPrints found={found} slug={company.slug} />}
      />
    );
  }
  return (
    <ImportFlow
      companyId={company.id}
      projectId={project}
      projectField={
        <ProjectPicker
          companyId={company.id}
          label={t("import.project")}
          placeholder={t("import.chooseProject")}
          value={project ?? null}
          onChange={(id) => go({ project: id ?? undefined })}
        />
      }
      onBusy={setBusy}
      onStarted={(started) => go({ project, run: started.id })}
    />
  );
}

function ToPrints({ found, slug }: { found: ContentImport; slug: string }) {
  const { t } = useTranslation("contents");
  return (
    <Button
      variant="filled"
      renderRoot={(props) => (
        <Link
          to="/c/$companySlug/contents"
          params={{ companySlug: slug }}
          search={{ project: found.project_id }}
          {...props}
        />
      )}
    >
      {t("import.toPrints")}
    </Button>
  );
}
