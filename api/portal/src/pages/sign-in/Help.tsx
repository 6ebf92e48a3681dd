import { Anchor, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Page } from "../../parts/Page";

/** The ways back for whoever cannot sign in. */
export function Component() {
    const { t } = useTranslation();
    const ways = [
        { to: "/forgot-password", label: t("help.forgot"), text: t("help.forgotText") },
        { to: "/unlock-account", label: t("help.unlock"), text: t("help.unlockText") },
        { to: "/request-access", label: t("requestAccess.title"), text: t("help.requestText") },
    ];
    return (
        <Page title={t("help.title")}>
            <Stack component="ul" m={0} p={0} style={{ listStyle: "none" }}>
                {ways.map(({ to, label, text }) => (
                    <li key={to}>
                        <Anchor component={Link} to={to}>
                            {label}
                        </Anchor>
                        <Text size="sm" c="dimmed">
                            {text}
                        </Text>
                    </li>
                ))}
            </Stack>
            <Anchor component={Link} to="/sign-in">
                {t("help.back")}
            </Anchor>
        </Page>
    );
}
