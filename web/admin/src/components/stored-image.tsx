import { QueryClientContext } from "@tanstack/react-query";
import { type ComponentProps, useContext } from "react";
import { renewPicture } from "@/lib/renew-pictures";

type StoredImageProps = Omit<ComponentProps<"img">, "src" | "onError"> & {
  src: string;
  alt: string;
};

/** A picture from the storage, whose address ends after some minutes: then its list is asked for anew. */
export function StoredImage({ src, alt, ...image }: StoredImageProps) {
  const queryClient = useContext(QueryClientContext);
  return (
    <img
      loading="lazy"
      {...image}
      src={src}
      alt={alt}
      onError={() => queryClient && void renewPicture(queryClient, src)}
    />
  );
}
