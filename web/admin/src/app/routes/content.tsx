import type { ArContent } from "@arv/api-client";
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/components/page";
import { contentQuery } from "@/features/contents/api/get-content";
import { ContentMenu } from "@/features/contents/components/content-menu";
import { ContentStage } from "@/features/contents/components/content-stage";
import { PublishPanel } from "@/features/contents/components/publish-panel";
import { QrPanel } from "@/features/contents/components/qr-panel";
import { TargetPanel } from "@/features/contents/components/target-panel";
import { VideoPanel } from "@/features/contents/components/video-panel";
import { projectQuery } from "@/features/projects/api/get-project";
import { useMembership } from "../membership";
import { ProblemScreen } from "../screens/problem";
import { BackLink } from "../shell/back-link";
import { AddVideoDialog } from "./add-video-dialog";
import classes from "./content.module.css";

/** One print: what it looks like, how well it works, what plays on it, and its code. */
export function ContentRoute() {
  const { company } = useMembership();
  const { contentId } = useParams({ from: "/signed-in/c/$companySlug/contents/$contentId" });
  const { data: content, error, refetch } = useQuery(contentQuery(company.id, contentId));
  if (error && !content) return <ProblemScreen error={error} reset={() => void refetch()} />;
  return (
    <Page title={content?.title}>
      {content ? <Content content={content} /> : <ContentSkeleton />}
    </Page>
  );
}

function Content({ content }: { content: ArContent }) {
  const { canEdit } = useMembership();
  const [upload, setUpload] = useState<{ replacing?: string } | null>(null);
  return (
    <>
      <Header content={content} />
      <div className={classes.columns}>
        <div className={classes.stage}>
          <ContentStage content={content} />
        </div>
        <div>
          <PublishPanel content={content} canEdit={canEdit} />
          <TargetPanel
            content={content}
            canEdit={canEdit}
            otherPhoto={<OtherPhoto content={content} />}
          />
          <VideoPanel
            content={content}
            canEdit={canEdit}
            onUpload={(replacing) => setUpload({ replacing })}
          />
          <QrPanel content={content} />
        </div>
      </div>
      <AddVideoDialog
        content={content}
        opened={upload !== null}
        replacing={upload?.replacing}
        onClose={() => setUpload(null)}
      />
    </>
  );
}

function Header({ content }: { content: ArContent }) {
  const { company, canEdit } = useMembership();
  const navigate = useNavigate();
  const { data: project } = useQuery(projectQuery(company.id, content.project_id));
  const toProject = {
    to: "/c/$companySlug/projects/$projectId",
    params: { companySlug: company.slug, projectId: content.project_id },
  } as const;
  return (
    <PageHeader
      back={<BackLink {...toProject}>{project?.name ?? "\u00a0"}</BackLink>}
      title={content.title}
      compact
      actions={
        canEdit && <ContentMenu content={content} onDeleted={() => void navigate(toProject)} />
      }
    />
  );
}

function OtherPhoto({ content }: { content: ArContent }) {
  const { t } = useTranslation();
  const { company } = useMembership();
  const params = { companySlug: company.slug, projectId: content.project_id };
  return (
    <Button
      variant="ink"
      renderRoot={(props) => (
        <Link to="/c/$companySlug/projects/$projectId/new" params={params} {...props} />
      )}
    >
      {t("target.otherPhoto")}
    </Button>
  );
}

function ContentSkeleton() {
  return (
    <div aria-busy="true">
      <Skeleton height={18} width={130} mb={16} />
      <Skeleton height={46} width="min(70%, 28rem)" mb={48} />
      <div className={classes.columns}>
        <Skeleton height={520} radius="lg" />
        <div className={classes.lines}>
          <Skeleton height={28} width="50%" />
          <Skeleton height={54} radius="xl" />
          <Skeleton height={180} radius="lg" />
          <Skeleton height={120} radius="lg" />
        </div>
      </div>
    </div>
  );
}
