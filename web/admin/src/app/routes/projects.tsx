import type { Project } from "@arv/api-client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/components/empty-state";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { projectsQuery } from "@/features/projects/api/list-projects";
import { NewProject } from "@/features/projects/components/new-project";
import {
  ProjectCard,
  ProjectGrid,
  ProjectGridSkeleton,
} from "@/features/projects/components/project-card";
import { ProjectMenu } from "@/features/projects/components/project-menu";
import { ProjectTools } from "@/features/projects/components/project-tools";
import { itemsOf } from "@/lib/pages";
import { rememberCompany } from "../last-company";
import { useMembership } from "../membership";

/** All projects of a company. */
export function ProjectsRoute() {
  const { t } = useTranslation(["common", "contents"]);
  const { company, canEdit } = useMembership();
  const filter = useSearch({ from: "/signed-in/c/$companySlug/" });
  const navigate = useNavigate({ from: "/c/$companySlug/" });
  const query = useInfiniteQuery(projectsQuery(company.id, filter));
  const projects = itemsOf(query.data);
  useEffect(() => rememberCompany(company.slug), [company.slug]);

  const open = (project: Project) =>
    void navigate({
      to: "/c/$companySlug/projects/$projectId",
      params: { companySlug: company.slug, projectId: project.id },
    });
  const add = canEdit && <NewProject companyId={company.id} onCreated={open} />;
  const empty = query.isSuccess && !query.isPlaceholderData && projects.length === 0;
  const untouched = empty && !filter.q && !filter.archived;
  return (
    <Page title={t("project.all")}>
      <PageHeader
        title={t("project.all")}
        lead={t("project.lead")}
        actions={!query.isPending && !untouched && add}
      />
      <ProjectTools
        filter={filter}
        bare={empty && !filter.q}
        onFilter={(search) => void navigate({ search, replace: true, resetScroll: false })}
      />
      <LoadProblem query={query} />
      {query.isPending && <ProjectGridSkeleton />}
      {untouched && (
        <EmptyState
          title={t("project.emptyTitle")}
          words={t(canEdit ? "project.emptyWords" : "project.emptyViewer")}
          action={add}
        />
      )}
      {empty && filter.archived && !filter.q && (
        <EmptyState
          title={t("contents:project.archiveEmpty")}
          words={t("contents:project.archiveEmptyWords")}
        />
      )}
      <Cards projects={projects} slug={company.slug} canEdit={canEdit} />
      <ListFoot query={query} noMatch={empty && Boolean(filter.q)} />
    </Page>
  );
}

function Cards({
  projects,
  slug,
  canEdit,
}: {
  projects: Project[];
  slug: string;
  canEdit: boolean;
}) {
  return (
    <ProjectGrid>
      {projects.map((project) => (
        <li key={project.id}>
          <ProjectCard
            project={project}
            menu={canEdit && <ProjectMenu project={project} />}
            link={(title, className) => (
              <Link
                to="/c/$companySlug/projects/$projectId"
                params={{ companySlug: slug, projectId: project.id }}
                className={className}
              >
                {title}
              </Link>
            )}
          />
        </li>
      ))}
    </ProjectGrid>
  );
}
