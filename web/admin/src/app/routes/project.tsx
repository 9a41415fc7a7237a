import type { ArContent, Page as PageOf, Project } from "@arv/api-client";
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/components/empty-state";
import { ListFoot, ListSearch } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { contentsQuery } from "@/features/contents/api/list-contents";
import { ContentGrid, ContentGridSkeleton } from "@/features/contents/components/content-grid";
import { projectQuery } from "@/features/projects/api/get-project";
import { ArchivedProject } from "@/features/projects/components/archived-project";
import { ProjectMenu } from "@/features/projects/components/project-menu";
import { itemsOf } from "@/lib/pages";
import { useMembership } from "../membership";
import { ProblemScreen } from "../screens/problem";
import { BackLink } from "../shell/back-link";

type ContentPages = InfiniteData<PageOf<ArContent>>;

const FROM = "/signed-in/c/$companySlug/projects/$projectId";

/** A project: its prints on the table. */
export function ProjectRoute() {
  const { company, canEdit } = useMembership();
  const { projectId } = useParams({ from: FROM });
  const { q } = useSearch({ from: FROM });
  const project = useQuery(projectQuery(company.id, projectId));
  const contents = useInfiniteQuery(contentsQuery(company.id, { project: projectId, q }));
  if (project.error && !project.data) {
    return <ProblemScreen error={project.error} reset={() => void project.refetch()} />;
  }
  const found = itemsOf(contents.data);
  const untouched = contents.isSuccess && found.length === 0 && !q;
  return (
    <Page title={project.data?.name}>
      <Header project={project.data}>
        {(found.length > 0 || q) && !project.data?.archived_at ? (
          <NewContentButton projectId={projectId} />
        ) : null}
      </Header>
      {project.data && <ArchivedProject project={project.data} canEdit={canEdit} />}
      {untouched ? <Invitation project={project.data} /> : <Contents query={contents} />}
    </Page>
  );
}

function Header({ project, children }: { project: Project | undefined; children: ReactNode }) {
  const { t } = useTranslation();
  const { company, canEdit } = useMembership();
  const navigate = useNavigate();
  const toProjects = { to: "/c/$companySlug", params: { companySlug: company.slug } } as const;
  const toImport = () =>
    void navigate({
      to: "/c/$companySlug/import",
      params: { companySlug: company.slug },
      search: { project: project?.id },
    });
  const menu = project && (
    <ProjectMenu
      project={project}
      onDeleted={() => void navigate(toProjects)}
      onImport={project.archived_at ? undefined : toImport}
    />
  );
  return (
    <PageHeader
      back={<BackLink {...toProjects}>{t("project.all")}</BackLink>}
      title={project?.name ?? "\u00a0"}
      lead={project?.description}
      compact={project?.archived_at != null}
      actions={
        canEdit && (
          <>
            {children}
            {menu}
          </>
        )
      }
    />
  );
}

function Invitation({ project }: { project: Project | undefined }) {
  const { t } = useTranslation();
  const { canEdit } = useMembership();
  return (
    <EmptyState
      title={t("content.emptyTitle")}
      words={t("content.emptyWords")}
      action={canEdit && <NewPrints project={project} />}
    />
  );
}

/** One print or many; none in a project that is in the archive. */
function NewPrints({ project }: { project: Project | undefined }) {
  const { t } = useTranslation("contents");
  const { company } = useMembership();
  if (!project || project.archived_at) return null;
  return (
    <>
      <NewContentButton projectId={project.id} />
      <Button
        renderRoot={(props) => (
          <Link
            to="/c/$companySlug/import"
            params={{ companySlug: company.slug }}
            search={{ project: project.id }}
            {...props}
          />
        )}
      >
        {t("import.openHere")}
      </Button>
    </>
  );
}

function NewContentButton({ projectId }: { projectId: string }) {
  const { t } = useTranslation();
  const { company } = useMembership();
  return (
    <Button
      variant="filled"
      leftSection={<IconPlus size={18} stroke={2.2} aria-hidden />}
      data-testid="content-new"
      renderRoot={(props) => (
        <Link
          to="/c/$companySlug/projects/$projectId/new"
          params={{ companySlug: company.slug, projectId }}
          {...props}
        />
      )}
    >
      {t("content.new")}
    </Button>
  );
}

function Contents({ query }: { query: UseInfiniteQueryResult<ContentPages> }) {
  const { t } = useTranslation();
  const { company } = useMembership();
  const { q } = useSearch({ from: FROM });
  const navigate = useNavigate({ from: "/c/$companySlug/projects/$projectId" });
  const contents = itemsOf(query.data);
  return (
    <>
      <ListSearch
        shown={contents.length > 8 || Boolean(q)}
        label={t("content.search")}
        value={q}
        onSearch={(value) => void navigate({ search: { q: value }, replace: true })}
      />
      <LoadProblem query={query} />
      {query.isPending && <ContentGridSkeleton />}
      <ContentGrid
        contents={contents}
        link={(content, title, className) => (
          <ContentLink content={content} slug={company.slug} title={title} className={className} />
        )}
      />
      <ListFoot query={query} noMatch={query.isSuccess && contents.length === 0} />
    </>
  );
}

function ContentLink(props: {
  content: ArContent;
  slug: string;
  title: string;
  className: string;
}) {
  return (
    <Link
      to="/c/$companySlug/contents/$contentId"
      params={{ companySlug: props.slug, contentId: props.content.id }}
      className={props.className}
    >
      {props.title}
    </Link>
  );
}
