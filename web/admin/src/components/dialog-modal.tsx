import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./dialog-modal.module.css";

const CLASS_NAMES = {
  content: classes.content,
  header: classes.header,
  title: classes.title,
  body: classes.body,
};

const OVERLAY = { backgroundOpacity: 0.4, blur: 3 };

/** Mantine's modal in our dress; the part of `Dialog` that is loaded late. */
export default function DialogModal(props: React.ComponentProps<typeof Modal>) {
  const { t } = useTranslation();
  return (
    <Modal
      centered
      size="md"
      overlayProps={OVERLAY}
      classNames={CLASS_NAMES}
      closeButtonProps={{ "aria-label": t("common.close") }}
      {...props}
    />
  );
}
