import type { Project } from "@arv/api-client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/components/empty-state";
import { ListFoot, ListSearch } from "@/components/list-parts";
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
import { itemsOf } from "@/lib/pages";
import { rememberCompany } from "../last-company";
import { useMembership } from "../membership";

/** All projects of a company. */
export function ProjectsRoute() {
  const { t } = useTranslation();
  const { company, canEdit } = useMembership();
  const { q } = useSearch({ from: "/signed-in/c/$companySlug/" });
  const navigate = useNavigate({ from: "/c/$companySlug/" });
  const query = useInfiniteQuery(projectsQuery(company.id, q));
  const projects = itemsOf(query.data);
  useEffect(() => rememberCompany(company.slug), [company.slug]);

  const open = (project: Project) =>
    void navigate({
      to: "/c/$companySlug/projects/$projectId",
      params: { companySlug: company.slug, projectId: project.id },
    });
  const add = canEdit && <NewProject companyId={company.id} onCreated={open} />;
  const untouched = query.isSuccess && projects.length === 0 && !q;
  return (
    <Page title={t("project.all")}>
      <PageHeader
        title={t("project.all")}
        lead={t("project.lead")}
        actions={!query.isPending && !untouched && add}
      />
      <ListSearch
        shown={projects.length > 8 || Boolean(q)}
        label={t("project.search")}
        value={q}
        onSearch={(value) => void navigate({ search: { q: value }, replace: true })}
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
      <Cards projects={projects} slug={company.slug} canEdit={canEdit} />
      <ListFoot query={query} noMatch={Boolean(q) && query.isSuccess && projects.length === 0} />
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
