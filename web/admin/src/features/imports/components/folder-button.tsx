import { Button } from "@mantine/core";
import { IconFolder } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

/** Opens the system's dialog for a whole folder; where there is none (phones), it is not shown. */
export function FolderButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation("contents");
  const input = useRef<HTMLInputElement>(null);
  // An attribute React has no name for.
  useEffect(() => input.current?.setAttribute("webkitdirectory", ""), []);
  if (window.matchMedia("(pointer: coarse)").matches) return null;
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <Button
        leftSection={<IconFolder size={17} stroke={1.8} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {t("import.chooseFolder")}
      </Button>
    </>
  );
}
