import type { ArContent } from "@arv/api-client";
import { Button, SegmentedControl } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/panel";
import { QR_SIZES_MM, qrLinks } from "../qr-links";
import classes from "./publish-panel.module.css";

/** The code to print, as it looks and as files for every kind of press. */
export function QrPanel({ content }: { content: ArContent }) {
  const { t } = useTranslation();
  const [sizeMm, setSizeMm] = useState(30);
  const links = qrLinks(content, sizeMm);
  return (
    <Panel title={t("qr.title")}>
      <div className={classes.qr}>
        <img className={classes.code} src={links.svg} alt={t("qr.alt", { title: content.title })} />
        <div className={classes.qrWords}>
          <p className={classes.words}>{t("qr.words")}</p>
          <div className={classes.downloads}>
            <Download kind="svg" href={links.svg} />
            <Download kind="png" href={links.png} />
            <Download kind="pdf" href={links.pdf} />
          </div>
          <div className={classes.size}>
            <span id="qr-size">{t("qr.size")}</span>
            <SegmentedControl
              size="sm"
              aria-labelledby="qr-size"
              value={String(sizeMm)}
              onChange={(value) => setSizeMm(Number(value))}
              data={QR_SIZES_MM.map((size) => ({
                value: String(size),
                label: t("qr.mm", { size }),
              }))}
            />
          </div>
        </div>
      </div>
    </Panel>
  );
}

function Download({ kind, href }: { kind: "svg" | "png" | "pdf"; href: string }) {
  return (
    <Button
      component="a"
      href={href}
      download
      leftSection={<IconDownload size={17} stroke={1.8} aria-hidden />}
      data-testid={`qr-${kind}`}
    >
      {kind.toUpperCase()}
    </Button>
  );
}
