import type { Me, Membership } from "@arv/api-client";
import { useQuery } from "@tanstack/react-query";
import { notFound, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "@/features/auth/api/get-me";

/**
 * Who is signed in; only for screens behind the sign-in, whose router guard has loaded it. In the
 * moment between the end of a session and leaving the screen, it is still who it was.
 */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  const [known, setKnown] = useState(data);
  if (data && data !== known) setKnown(data);
  const me = data ?? known;
  if (!me) throw new Error("no one is signed in: this screen is not behind the guard");
  return me;
}

/** The company in the address and the user's role in it; undefined outside a company. */
export function useOptionalMembership(): Membership | undefined {
  const { companySlug } = useParams({ strict: false });
  return useMe().memberships.find(({ company }) => company.slug === companySlug);
}

/** As above, for screens of a company: a company that is not the user's does not exist for them. */
export function useMembership(): Membership & { canEdit: boolean } {
  const membership = useOptionalMembership();
  if (!membership) throw notFound();
  return { ...membership, canEdit: membership.role !== "viewer" };
}
