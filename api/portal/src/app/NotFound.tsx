import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Page } from "../parts/Page";

/** What a page says that is not there, or that the reader may not see: the same. */
export function NotFound() {
    const { t } = useTranslation();
    return (
        <Page title={t("notFound.title")}>
            <Text>{t("notFound.text")}</Text>
            <Anchor component={Link} to="/">
                {t("notFound.home")}
            </Anchor>
        </Page>
    );
}
