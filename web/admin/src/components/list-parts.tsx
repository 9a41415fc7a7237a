import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./list-parts.module.css";
import { SearchField } from "./search-field";

interface ListSearchProps {
  shown: boolean;
  label: string;
  value: string | undefined;
  onSearch: (value: string | undefined) => void;
}

/** A search above a list long enough to want one. */
export function ListSearch({ shown, ...field }: ListSearchProps) {
  if (!shown) return null;
  return (
    <div className={classes.search}>
      <SearchField {...field} />
    </div>
  );
}

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** The end of a list: more of it, or word that nothing matches. */
export function ListFoot(props: { query: Paged; noMatch: boolean; noMatchWords?: string }) {
  const { query, noMatch, noMatchWords } = props;
  const { t } = useTranslation();
  if (noMatch) return <p className={classes.none}>{noMatchWords ?? t("common.noMatch")}</p>;
  if (!query.hasNextPage) return null;
  return (
    <div className={classes.more}>
      <Button loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
        {t("common.showMore")}
      </Button>
    </div>
  );
}
