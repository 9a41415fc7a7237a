import { answer, type ContentImport } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import type { ImportTable } from "../import-table";
import { importKeys } from "./keys";
import { rawTable } from "./raw-table";

interface Start {
  projectId: string;
  table: ImportTable;
}

function startImport(companyId: string, { projectId, table }: Start): Promise<ContentImport> {
  return answer(
    api.POST("/api/v1/companies/{company_id}/projects/{project_id}/imports", {
      params: {
        path: { company_id: companyId, project_id: projectId },
        query: { filename: table.name },
      },
      ...rawTable(table),
    }),
  );
}

/** Make the contents of a table in the background. */
export function useStartImport(companyId: string, onStarted: (started: ContentImport) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (start: Start) => startImport(companyId, start),
    onSuccess: (started) => {
      queryClient.setQueryData(importKeys.one(companyId, started.id), started);
      void queryClient.invalidateQueries({ queryKey: importKeys.list(companyId) });
      onStarted(started);
    },
  });
}
