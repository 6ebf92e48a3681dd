import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { useSignOut } from "../../app/signOut";
import { Page } from "../../parts/Page";
import { Enroll } from "./Enroll";
import { RecoveryCodes } from "./RecoveryCodes";

/** For people who have to add a second factor before anything else: sets one up, shows the recovery codes, and goes on. */
export function FactorFirst() {
    const { t } = useTranslation();
    const { renew } = useSession();
    const signOut = useSignOut();
    const [codes, setCodes] = useState<readonly string[]>([]);
    return (
        <Page title={t("factor.first")}>
            {codes.length === 0 ? (
                <Stack>
                    <Text>{t("factor.firstText")}</Text>
                    <Enroll onDone={setCodes} onCancel={() => void signOut()} cancel={t("signOut")} />
                </Stack>
            ) : (
                <Stack>
                    <RecoveryCodes codes={codes} />
                    <Group>
                        <Button onClick={renew}>{t("continue")}</Button>
                    </Group>
                </Stack>
            )}
        </Page>
    );
}
