import type { ArContent } from "@arv/api-client";
import { Button } from "@mantine/core";
import { IconDownload, IconTableImport } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/components/empty-state";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { contentsQuery, contentsTableUrl } from "@/features/contents/api/list-contents";
import { ContentFilters } from "@/features/contents/components/content-filters";
import { ContentRowsSkeleton } from "@/features/contents/components/content-rows";
import { SelectableContents } from "@/features/contents/components/selectable-contents";
import { type ContentFilter, isNarrowed } from "@/features/contents/content-filter";
import { useProjectNames } from "@/features/projects/api/project-names";
import { ProjectPicker } from "@/features/projects/components/project-picker";
import { itemsOf } from "@/lib/pages";
import { useMembership } from "../membership";

const FROM = "/signed-in/c/$companySlug/contents";

/** All prints of a company, whatever project they are in. */
export function ContentsRoute() {
  const { t } = useTranslation("contents");
  const { company, canEdit } = useMembership();
  const filter = useSearch({ from: FROM });
  const query = useInfiniteQuery(contentsQuery(company.id, filter));
  const contents = itemsOf(query.data);
  const empty = query.isSuccess && !query.isPlaceholderData && contents.length === 0;
  const untouched = empty && !isNarrowed(filter);
  return (
    <Page title={t("all.title")}>
      <PageHeader
        title={t("all.title")}
        lead={t("all.lead")}
        actions={<Actions filter={filter} />}
      />
      <Filters filter={filter} />
      <LoadProblem query={query} />
      {query.isPending && <ContentRowsSkeleton />}
      {untouched && (
        <EmptyState
          title={t(filter.archived ? "all.archiveEmpty" : "all.empty")}
          words={t(filter.archived ? "all.archiveEmptyWords" : "all.emptyWords")}
          action={canEdit && !filter.archived && <ToProjects />}
        />
      )}
      <List contents={contents} filter={filter} />
      <ListFoot
        query={query}
        noMatch={empty && !untouched}
        noMatchWords={filter.q ? undefined : t("filter.noMatch")}
      />
    </Page>
  );
}

function List({ contents, filter }: { contents: ArContent[]; filter: ContentFilter }) {
  const { t } = useTranslation("contents");
  const { company, canEdit } = useMembership();
  const projectName = useProjectNames(
    company.id,
    contents.map((content) => content.project_id),
  );
  return (
    <SelectableContents
      key={JSON.stringify(filter)}
      companyId={company.id}
      contents={contents}
      archived={filter.archived === true}
      canEdit={canEdit}
      projectName={projectName}
      projectField={(value, onChange) => (
        <ProjectPicker
          companyId={company.id}
          label={t("filter.project")}
          placeholder={t("import.chooseProject")}
          value={value}
          onChange={onChange}
        />
      )}
      link={(content, className) => (
        <Link
          to="/c/$companySlug/contents/$contentId"
          params={{ companySlug: company.slug, contentId: content.id }}
          className={className}
        >
          {content.title}
        </Link>
      )}
    />
  );
}

function Filters({ filter }: { filter: ContentFilter }) {
  const { t } = useTranslation("contents");
  const { company } = useMembership();
  const navigate = useNavigate({ from: "/c/$companySlug/contents" });
  const narrow = (search: ContentFilter) =>
    void navigate({ search, replace: true, resetScroll: false });
  return (
    <ContentFilters
      filter={filter}
      onFilter={narrow}
      project={
        <ProjectPicker
          companyId={company.id}
          label={t("filter.project")}
          placeholder={t("filter.anyProject")}
          clearable
          value={filter.project ?? null}
          onChange={(project) => narrow({ ...filter, project: project ?? undefined })}
        />
      }
    />
  );
}

function Actions({ filter }: { filter: ContentFilter }) {
  const { t } = useTranslation("contents");
  const { company, canEdit } = useMembership();
  const icon = { size: 18, stroke: 1.8, "aria-hidden": true };
  return (
    <>
      {canEdit && (
        <Button
          leftSection={<IconTableImport {...icon} />}
          data-testid="to-import"
          renderRoot={(props) => (
            <Link
              to="/c/$companySlug/import"
              params={{ companySlug: company.slug }}
              search={{ project: filter.project }}
              {...props}
            />
          )}
        >
          {t("import.open")}
        </Button>
      )}
      <Button
        component="a"
        href={contentsTableUrl(company.id, filter.project)}
        download
        leftSection={<IconDownload {...icon} />}
        data-testid="contents-download"
      >
        {t("all.download")}
      </Button>
    </>
  );
}

function ToProjects() {
  const { t } = useTranslation("contents");
  const { company } = useMembership();
  return (
    <Button
      variant="filled"
      renderRoot={(props) => (
        <Link to="/c/$companySlug" params={{ companySlug: company.slug }} {...props} />
      )}
    >
      {t("all.toProjects")}
    </Button>
  );
}
