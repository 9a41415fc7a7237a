import { answer, type ImportCheck } from "@arv/api-client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";
import type { ImportTable } from "../import-table";
import { importKeys } from "./keys";
import { rawTable } from "./raw-table";

function checkImport(
  companyId: string,
  projectId: string,
  table: ImportTable,
): Promise<ImportCheck> {
  return answer(
    api.POST("/api/v1/companies/{company_id}/projects/{project_id}/imports/check", {
      params: { path: { company_id: companyId, project_id: projectId } },
      ...rawTable(table),
    }),
  );
}

/** What an import would do now. A later `round` asks again, because files have come in since. */
export const importCheckQuery = (
  companyId: string,
  projectId: string | undefined,
  table: ImportTable | null,
  round: number,
) =>
  queryOptions({
    queryKey: importKeys.check(companyId, projectId ?? "", table?.id ?? "", round),
    queryFn: () => {
      if (!projectId || !table) throw new Error("a check needs a project and a table");
      return checkImport(companyId, projectId, table);
    },
    enabled: Boolean(projectId && table),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
