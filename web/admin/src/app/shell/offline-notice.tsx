import { useNetwork } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import classes from "./shell.module.css";

/** Says so when the device has no network, and that nothing is lost. */
export function OfflineNotice() {
  const { t } = useTranslation();
  const { online } = useNetwork();
  return (
    <div role="status" className={online ? undefined : classes.offline}>
      {!online && t("common.offline")}
    </div>
  );
}
