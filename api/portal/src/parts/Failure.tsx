import { Alert, Button, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CombinedError } from "urql";

import { saidOf } from "./formErrors";

/** What stands where something could not be read, and a way to try again. */
export function Failure({ error, retry }: { error: CombinedError; retry: () => void }) {
    const { t } = useTranslation();
    const said = saidOf(error);
    return (
        <Alert color="red" variant="outline" title={t("errors.unreachableTitle")}>
            <Stack align="flex-start" gap="sm">
                <Text size="sm">{said ?? t("errors.unreachable")}</Text>
                <Button size="sm" variant="default" onClick={retry}>
                    {t("errors.tryAgain")}
                </Button>
            </Stack>
        </Alert>
    );
}
