import type { ArContent, UploadPurpose } from "@arv/api-client";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/components/page";
import { NewContentForm } from "@/features/contents/components/new-content-form";
import { projectQuery } from "@/features/projects/api/get-project";
import { titleFrom } from "@/features/uploads/accept";
import { UploadField } from "@/features/uploads/components/upload-field";
import { isRunning } from "@/features/uploads/upload-state";
import { useIncomingFiles } from "@/features/uploads/use-incoming-files";
import { useLeaveGuard } from "@/features/uploads/use-leave-guard";
import { useUpload } from "@/features/uploads/use-upload";
import { filePlace } from "../file-place";
import { useMembership } from "../membership";
import { BackLink } from "../shell/back-link";
import classes from "./new-content.module.css";

const FROM = "/signed-in/c/$companySlug/projects/$projectId/new";

/** Drop a photo and a video, name it, done: the target is made while one already looks at it. */
export function NewContentRoute() {
  const { t } = useTranslation();
  const { company } = useMembership();
  const { projectId } = useParams({ from: FROM });
  const navigate = useNavigate();
  const { data: project } = useQuery(projectQuery(company.id, projectId));
  const touch = useMediaQuery("(pointer: coarse)");
  const photo = useUpload(company.id, "image");
  const video = useUpload(company.id, "video");
  const { choose: choosePhoto } = photo;
  const { choose: chooseVideo } = video;
  const place = useCallback(
    (purpose: UploadPurpose, file: File) =>
      purpose === "image" ? choosePhoto(file) : chooseVideo(file),
    [choosePhoto, chooseVideo],
  );
  const inviting = useIncomingFiles(place);
  useLeaveGuard(isRunning(photo.state) || isRunning(video.state));
  const created = (content: ArContent) =>
    void navigate({
      to: "/c/$companySlug/contents/$contentId",
      params: { companySlug: company.slug, contentId: content.id },
      replace: true,
    });
  const suggested = photo.state.phase === "empty" ? "" : titleFrom(photo.state.file.name);
  return (
    <Page title={t("newContent.title")}>
      <PageHeader
        back={
          <BackLink
            to="/c/$companySlug/projects/$projectId"
            params={{ companySlug: company.slug, projectId }}
          >
            {project?.name ?? t("project.all")}
          </BackLink>
        }
        title={t("newContent.title")}
        lead={t(touch ? "newContent.leadTouch" : "newContent.lead")}
      />
      <div className={classes.zones}>
        <UploadField slot={photo} inviting={inviting} />
        <UploadField slot={video} inviting={inviting} />
      </div>
      <NewContentForm
        place={{ companyId: company.id, projectId }}
        suggestedTitle={suggested}
        photo={filePlace(photo.state)}
        video={filePlace(video.state)}
        onCreated={created}
      />
    </Page>
  );
}
