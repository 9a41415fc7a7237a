import { answer, type ContentImport, type Page } from "@arv/api-client";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { cursorPaging } from "@/lib/pages";
import { importKeys } from "./keys";

/** How often an import that runs is asked about, milliseconds. */
const PROGRESS_MS = 700;
const IMPORTS_ON_A_PAGE = 10;

export const hasEnded = ({ status }: ContentImport) => status === "done" || status === "failed";

function getImport(companyId: string, importId: string): Promise<ContentImport> {
  const path = { company_id: companyId, import_id: importId };
  return answer(
    api.GET("/api/v1/companies/{company_id}/imports/{import_id}", { params: { path } }),
  );
}

function listImports(companyId: string, cursor?: string): Promise<Page<ContentImport>> {
  const path = { company_id: companyId };
  const query = { limit: IMPORTS_ON_A_PAGE, cursor };
  return answer(api.GET("/api/v1/companies/{company_id}/imports", { params: { path, query } }));
}

/** One import; asked again until it has ended. */
export const importQuery = (companyId: string, importId: string) =>
  queryOptions({
    queryKey: importKeys.one(companyId, importId),
    queryFn: () => getImport(companyId, importId),
    refetchInterval: ({ state: { data } }) => (data && hasEnded(data) ? false : PROGRESS_MS),
  });

/** The company's imports, newest first. */
export const importsQuery = (companyId: string) =>
  infiniteQueryOptions({
    queryKey: importKeys.list(companyId),
    queryFn: ({ pageParam }) => listImports(companyId, pageParam),
    ...cursorPaging,
  });

export const templateUrl = (companyId: string) =>
  `/api/v1/companies/${companyId}/imports/template.csv`;

/** Where is told what became of each row. */
export const reportUrl = (companyId: string, importId: string) =>
  `/api/v1/companies/${companyId}/imports/${importId}/report.csv`;
