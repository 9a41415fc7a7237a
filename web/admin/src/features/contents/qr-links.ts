import type { ArContent } from "@arv/api-client";

/** Sizes of the printed code offered for the PDF, millimetres. */
export const QR_SIZES_MM = [20, 30, 50] as const;

const BLEED_MM = 3;

/** Where the QR code of a content is downloaded, by kind of file. */
export function qrLinks(content: ArContent, sizeMm: number) {
  const base = `/api/v1/companies/${content.company_id}/contents/${content.id}`;
  return {
    svg: `${base}/qr.svg`,
    png: `${base}/qr.png`,
    pdf: `${base}/qr.pdf?size_mm=${sizeMm}&bleed_mm=${BLEED_MM}`,
  };
}
