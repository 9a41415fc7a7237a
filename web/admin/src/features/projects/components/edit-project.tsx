import type { Project, Tagged } from "@arv/api-client";
import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import type { ProjectFields } from "../api/create-project";
import { projectQuery } from "../api/get-project";
import { useUpdateProject } from "../api/update-project";
import { ProjectForm } from "./project-form";

interface EditProjectProps {
  project: Project;
  onDone: () => void;
}

/** The form of a project, begun with its newest version: a list may have been open for long. */
export function EditProject({ project, onDone }: EditProjectProps) {
  const query = useQuery({ ...projectQuery(project.company_id, project.id), staleTime: 0 });
  const [opened] = useState(Date.now);
  if (query.error) return <LoadProblem query={query} />;
  if (!query.data || query.dataUpdatedAt < opened) return <Skeleton height={280} radius="md" />;
  return <EditForm first={query.data} onDone={onDone} />;
}

function EditForm({ first, onDone }: { first: Tagged<Project>; onDone: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  // What the form was begun with, whatever the cache learns meanwhile.
  const [seen, setSeen] = useState(first);
  const [typed, setTyped] = useState<ProjectFields>(first);
  const update = useUpdateProject(seen, onDone);
  const fresh = () =>
    queryClient.fetchQuery({ ...projectQuery(seen.company_id, seen.id), staleTime: 0 });
  const conflict = {
    onTheirs: async () => {
      setSeen(await fresh());
      update.reset();
    },
    onMine: async () => update.mutate({ ...typed, etag: (await fresh()).etag }),
  };
  const save = (fields: ProjectFields) => {
    setTyped(fields);
    update.mutate({ ...fields, etag: seen.etag });
  };
  const { name, description, starts_on, ends_on, expires_at } = seen;
  return (
    <ProjectForm
      key={seen.etag}
      initial={{ name, description, starts_on, ends_on, expires_at }}
      submitLabel={t("common.save")}
      onSubmit={save}
      onCancel={onDone}
      pending={update.isPending}
      error={update.error}
      conflict={conflict}
    />
  );
}
