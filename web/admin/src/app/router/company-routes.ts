import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readContentFilter } from "@/features/contents/content-filter";
import { readProjectFilter } from "@/features/projects/project-filter";
import { needWords } from "../i18n";
import { company } from "./root";
import { searched, text } from "./search";

/** The screens of the work itself, with the words they share. */
const beforeLoad = () => needWords("contents");

const projects = createRoute({
  getParentRoute: () => company,
  path: "/",
  validateSearch: readProjectFilter,
  beforeLoad,
  component: lazyRouteComponent(() => import("../routes/projects"), "ProjectsRoute"),
});

const project = createRoute({
  getParentRoute: () => company,
  path: "/projects/$projectId",
  validateSearch: searched,
  beforeLoad,
  component: lazyRouteComponent(() => import("../routes/project"), "ProjectRoute"),
});

const newContent = createRoute({
  getParentRoute: () => company,
  path: "/projects/$projectId/new",
  component: lazyRouteComponent(() => import("../routes/new-content"), "NewContentRoute"),
});

const contents = createRoute({
  getParentRoute: () => company,
  path: "/contents",
  validateSearch: readContentFilter,
  beforeLoad,
  component: lazyRouteComponent(() => import("../routes/contents"), "ContentsRoute"),
});

const content = createRoute({
  getParentRoute: () => company,
  path: "/contents/$contentId",
  beforeLoad: () => needWords("contents", "videos", "schedule"),
  component: lazyRouteComponent(() => import("../routes/content"), "ContentRoute"),
});

const importing = createRoute({
  getParentRoute: () => company,
  path: "/import",
  validateSearch: (search: Record<string, unknown>): { project?: string; run?: string } => ({
    project: text(search.project),
    run: text(search.run),
  }),
  beforeLoad,
  component: lazyRouteComponent(() => import("../routes/import"), "ImportRoute"),
});

/** The work of a company: projects, what is in them, and all of it together. */
export const companyRoutes = [projects, project, newContent, contents, content, importing] as const;
