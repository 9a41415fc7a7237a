import type { InvitationPreview, Me } from "@arv/api-client";
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { ProblemNotice } from "@/components/problem-notice";
import { meQuery } from "@/features/auth/api/get-me";
import { NewAccountFields } from "@/features/auth/components/new-account-fields";
import { previewQuery, useAccept } from "@/features/invitations/api/invitation";
import { useLinkToken } from "@/lib/link-token";
import { Door } from "../screens/door";

/** Where the link of an invitation leads. */
export function InvitationRoute() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const query = useQuery(previewQuery(token));
  const preview = query.data;
  return (
    <Door
      title={
        preview ? t("invitation.title", { company: preview.company_name }) : t("invitation.pending")
      }
      lead={preview?.state === "open" ? t(`invitation.as.${preview.role}`) : ""}
    >
      {query.isPending && <Skeleton height={120} />}
      <LoadProblem query={query} />
      {preview && preview.state !== "open" && <p>{t(`invitation.closed.${preview.state}`)}</p>}
      {preview?.state === "open" && <Answer token={token} preview={preview} />}
    </Door>
  );
}

interface AnswerProps {
  token: string;
  preview: InvitationPreview;
}

/** Three kinds of people open such a link: signed in, with an account, and new here. */
function Answer({ token, preview }: AnswerProps) {
  const { data: me } = useQuery(meQuery);
  const navigate = useNavigate();
  const accept = useAccept(
    (joined) => void navigate({ to: "/c/$companySlug", params: slugIn(joined) }),
  );
  if (me === undefined) return <Skeleton height={120} />;
  if (me) return <SignedInAnswer me={me} accept={accept} token={token} preview={preview} />;
  if (preview.has_account) return <SignInFirst token={token} />;
  return (
    <NewAccountFields
      email={preview.email ?? ""}
      action={accept}
      onSubmit={(name, password) => accept.mutate({ token, name, password })}
    />
  );

  function slugIn(joined: Me) {
    const found = joined.memberships.find(({ company }) => company.name === preview.company_name);
    return { companySlug: (found ?? joined.memberships[0])?.company.slug ?? "" };
  }
}

function SignedInAnswer(props: AnswerProps & { me: Me; accept: ReturnType<typeof useAccept> }) {
  const { t } = useTranslation();
  const { me, accept, token } = props;
  return (
    <>
      <p>{t("invitation.signedInAs", { email: me.user.email })}</p>
      <ProblemNotice error={accept.error} />
      <Button variant="filled" loading={accept.isPending} onClick={() => accept.mutate({ token })}>
        {t("invitation.accept")}
      </Button>
    </>
  );
}

/** The link's token waits in this tab while one signs in. */
function SignInFirst({ token }: { token: string }) {
  const { t } = useTranslation();
  const [next] = useState(`/invitations#${token}`);
  return (
    <>
      <p>{t("invitation.hasAccount")}</p>
      <Button
        variant="filled"
        renderRoot={(props) => <Link to="/sign-in" search={{ next }} {...props} />}
      >
        {t("auth.signIn")}
      </Button>
    </>
  );
}
