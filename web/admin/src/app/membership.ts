import type { Me, Membership } from "@arv/api-client";
import { useQuery } from "@tanstack/react-query";
import { notFound, useParams } from "@tanstack/react-router";
import { meQuery } from "@/features/auth/api/get-me";

/** Who is signed in; only for screens behind the sign-in, whose router guard has loaded it. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  return data ?? NOBODY;
}

/** The company in the address and the user's role in it; undefined outside a company. */
export function useOptionalMembership(): Membership | undefined {
  const { companySlug } = useParams({ strict: false });
  return useMe().memberships.find(({ company }) => company.slug === companySlug);
}

/** As above, for screens of a company: a company that is not the user's does not exist for them. */
export function useMembership(): Membership & { canEdit: boolean } {
  const me = useMe();
  const membership = useOptionalMembership();
  if (!membership) throw me === NOBODY ? new Error("signed out") : notFound();
  return { ...membership, canEdit: membership.role !== "viewer" };
}

/** Stands in for the moment between signing out and leaving the screen. */
const NOBODY: Me = {
  user: {
    id: "",
    email: "",
    name: "",
    language: "en",
    is_superadmin: false,
    must_change_password: false,
  },
  memberships: [],
};
