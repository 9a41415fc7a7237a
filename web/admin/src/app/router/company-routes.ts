import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { company } from "./root";
import { searched } from "./search";

const projects = createRoute({
  getParentRoute: () => company,
  path: "/",
  validateSearch: searched,
  component: lazyRouteComponent(() => import("../routes/projects"), "ProjectsRoute"),
});

const project = createRoute({
  getParentRoute: () => company,
  path: "/projects/$projectId",
  validateSearch: searched,
  component: lazyRouteComponent(() => import("../routes/project"), "ProjectRoute"),
});

const newContent = createRoute({
  getParentRoute: () => company,
  path: "/projects/$projectId/new",
  component: lazyRouteComponent(() => import("../routes/new-content"), "NewContentRoute"),
});

const content = createRoute({
  getParentRoute: () => company,
  path: "/contents/$contentId",
  component: lazyRouteComponent(() => import("../routes/content"), "ContentRoute"),
});

/** The work of a company: projects and what is in them. */
export const companyRoutes = [projects, project, newContent, content] as const;
