import type { ArContent, Project } from "@arv/api-client";
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/components/empty-state";
import { ListFoot, ListSearch } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { contentsQuery } from "@/features/contents/api/list-contents";
import { ContentGrid, ContentGridSkeleton } from "@/features/contents/components/content-grid";
import { projectQuery } from "@/features/projects/api/get-project";
import { ProjectMenu } from "@/features/projects/components/project-menu";
import { itemsOf } from "@/lib/pages";
import { useMembership } from "../membership";
import { ProblemScreen } from "../screens/problem";
import { BackLink } from "../shell/back-link";

const FROM = "/signed-in/c/$companySlug/projects/$projectId";

/** A project: its prints on the table. */
export function ProjectRoute() {
  const { company } = useMembership();
  const { projectId } = useParams({ from: FROM });
  const { data: project, error, refetch } = useQuery(projectQuery(company.id, projectId));
  if (error && !project) return <ProblemScreen error={error} reset={() => void refetch()} />;
  return (
    <Page title={project?.name}>
      <Header project={project} projectId={projectId} />
      <Contents projectId={projectId} />
    </Page>
  );
}

function Header({ project, projectId }: { project: Project | undefined; projectId: string }) {
  const { t } = useTranslation();
  const { company, canEdit } = useMembership();
  const navigate = useNavigate();
  const toProjects = { to: "/c/$companySlug", params: { companySlug: company.slug } } as const;
  return (
    <PageHeader
      back={<BackLink {...toProjects}>{t("project.all")}</BackLink>}
      title={project?.name ?? "\u00a0"}
      lead={project?.description}
      actions={
        canEdit && (
          <>
            <NewContentButton projectId={projectId} />
            {project && (
              <ProjectMenu project={project} onDeleted={() => void navigate(toProjects)} />
            )}
          </>
        )
      }
    />
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

function Contents({ projectId }: { projectId: string }) {
  const { t } = useTranslation();
  const { company } = useMembership();
  const { q } = useSearch({ from: FROM });
  const navigate = useNavigate({ from: "/c/$companySlug/projects/$projectId" });
  const query = useInfiniteQuery(contentsQuery({ companyId: company.id, projectId, q }));
  const contents = itemsOf(query.data);
  const none = query.isSuccess && contents.length === 0;
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
      {none && !q && <EmptyState title={t("content.emptyTitle")} words={t("content.emptyWords")} />}
      <ContentGrid
        contents={contents}
        link={(content, title, className) => (
          <ContentLink content={content} slug={company.slug} title={title} className={className} />
        )}
      />
      <ListFoot query={query} noMatch={none && Boolean(q)} />
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
