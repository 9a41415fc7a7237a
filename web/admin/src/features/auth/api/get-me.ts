import { answer, type Me, Problem } from "@arv/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";

/** Who is signed in; null when nobody is. */
async function getMe(): Promise<Me | null> {
  try {
    return await answer(api.GET("/api/v1/auth/me"));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

export const meQuery = queryOptions({ queryKey: ["me"], queryFn: getMe, staleTime: 5 * 60_000 });
