import { Alert, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useViewer } from "../../app/session";
import { Page } from "../../parts/Page";
import { Appearance } from "./Appearance";
import { Card } from "./Card";
import { Mails } from "./Mails";
import { Sessions } from "./Sessions";
import { TwoFactor } from "./TwoFactor";
import { useCredentials } from "./credentials";

/** Everything that is somebody's own: what they sign in with, where they are signed in, and how the portal and its mail are. */
export function Component() {
    const { t } = useTranslation();
    const viewer = useViewer();
    const { data, error, reload } = useCredentials();
    return (
        <Page title={t("account.title")}>
            <Stack maw={720}>
                <Card title={t("account.you")}>
                    <Stack gap={2} style={{ overflowWrap: "anywhere" }}>
                        <Text fw={600}>{viewer.person.name}</Text>
                        {viewer.user ? <Text size="sm">{viewer.user.email ?? viewer.user.username}</Text> : null}
                        {viewer.accounts.map((account) => (
                            <Text size="sm" c="dimmed" key={account.id}>
                                {account.name}
                            </Text>
                        ))}
                    </Stack>
                </Card>
                <Card title={t("password.title")}>
                    <Text size="sm">{t("account.passwordText")}</Text>
                    <Group>
                        <Button component={Link} to="/my-account/password" variant="default">
                            {t("account.resetPassword")}
                        </Button>
                    </Group>
                </Card>
                {data ? (
                    <>
                        <TwoFactor credentials={data.viewer.credentials} onChange={reload} />
                        <Sessions sessions={data.viewer.credentials.sessions} onChange={reload} />
                        <Appearance preferences={data.viewer.preferences} onChange={reload} />
                        <Mails preferences={data.viewer.preferences} onChange={reload} />
                    </>
                ) : error ? (
                    <Alert color="red" variant="outline" title={t("errors.unreachableTitle")}>
                        <Button onClick={reload}>{t("errors.tryAgain")}</Button>
                    </Alert>
                ) : (
                    <Skeleton height={320} />
                )}
            </Stack>
        </Page>
    );
}
