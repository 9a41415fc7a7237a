import { useEffect } from "react";

/** Name the browser tab while a screen is shown: "Summer wedding · ARV". */
export function useDocumentTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ARV` : "ARV";
  }, [title]);
}
