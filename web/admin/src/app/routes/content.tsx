import type { ArContent, Tagged } from "@arv/api-client";
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/components/page";
import { contentQuery } from "@/features/contents/api/get-content";
import { ArchivedNotice } from "@/features/contents/components/archived-notice";
import { ContentMenu } from "@/features/contents/components/content-menu";
import { ContentStage } from "@/features/contents/components/content-stage";
import { PublishPanel } from "@/features/contents/components/publish-panel";
import { QrPanel } from "@/features/contents/components/qr-panel";
import { ReplacementPanel } from "@/features/contents/components/replacement-panel";
import { TargetPanel } from "@/features/contents/components/target-panel";
import { VersionsPanel } from "@/features/contents/components/versions-panel";
import { VideoPanel } from "@/features/contents/components/video-panel";
import { projectQuery } from "@/features/projects/api/get-project";
import { ProjectPicker } from "@/features/projects/components/project-picker";
import { ScheduleSection } from "@/features/schedule/components/schedule-section";
import { useMembership } from "../membership";
import { ProblemScreen } from "../screens/problem";
import { UnsavedGuard } from "../screens/unsaved-guard";
import { BackLink } from "../shell/back-link";
import classes from "./content.module.css";
import { UploadDialog, type Wanted } from "./upload-dialogs";

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

function Content({ content }: { content: Tagged<ArContent> }) {
  const membership = useMembership();
  // In the archive nothing is changed: what is wanted again is restored first.
  const canEdit = membership.canEdit && !content.archived_at;
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const replaceImage = () => setWanted({ kind: "image" });
  const can = { content, canEdit };
  const [unsaved, setUnsaved] = useState(false);
  return (
    <>
      <Header content={content} onReplaceImage={replaceImage} />
      {content.archived_at && (
        <div className={classes.notice}>
          <ArchivedNotice content={content} canEdit={membership.canEdit} />
        </div>
      )}
      <div className={classes.columns}>
        <div className={classes.stage}>
          <ContentStage content={content} />
        </div>
        <div>
          {!content.archived_at && <PublishPanel {...can} />}
          <ReplacementPanel {...can} onReplaceImage={replaceImage} />
          <TargetPanel {...can} otherPhoto={<OtherPhoto onClick={replaceImage} />} />
          <VideoPanel {...can} onUpload={(id) => setWanted({ kind: "video", replacing: id })} />
          <ScheduleSection
            key={content.id}
            place={{ companyId: content.company_id, contentId: content.id }}
            videos={content.videos}
            defaultVideoId={content.default_video_id}
            companyZone={membership.company.time_zone}
            isDraft={content.status === "draft"}
            endsAt={content.ends_at}
            canEdit={canEdit}
            onUnsaved={setUnsaved}
          />
          <QrPanel content={content} />
          <VersionsPanel content={content} />
        </div>
      </div>
      <UploadDialog content={content} wanted={wanted} onClose={() => setWanted(null)} />
      <UnsavedGuard unsaved={unsaved} />
    </>
  );
}

interface HeaderProps {
  content: Tagged<ArContent>;
  onReplaceImage: () => void;
}

function Header({ content, onReplaceImage }: HeaderProps) {
  const { t } = useTranslation("contents");
  const { company, canEdit } = useMembership();
  const navigate = useNavigate();
  const { data: project } = useQuery(projectQuery(company.id, content.project_id));
  const companySlug = company.slug;
  const toProject = {
    to: "/c/$companySlug/projects/$projectId",
    params: { companySlug, projectId: content.project_id },
  } as const;
  const open = (contentId: string) =>
    void navigate({
      to: "/c/$companySlug/contents/$contentId",
      params: { companySlug, contentId },
    });
  return (
    <PageHeader
      back={<BackLink {...toProject}>{project?.name ?? "\u00a0"}</BackLink>}
      title={content.title}
      compact
      actions={
        canEdit && (
          <ContentMenu
            content={content}
            onReplaceImage={onReplaceImage}
            onCopied={(copy) => open(copy.id)}
            onDeleted={() => void navigate(toProject)}
            projectField={(value, onChange) => (
              <ProjectPicker
                companyId={company.id}
                label={t("filter.project")}
                placeholder={t("import.chooseProject")}
                value={value}
                onChange={onChange}
              />
            )}
          />
        )
      }
    />
  );
}

function OtherPhoto({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <Button variant="ink" onClick={onClick}>
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
