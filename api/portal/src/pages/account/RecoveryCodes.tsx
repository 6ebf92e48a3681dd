import { Code, CopyButton, Button, Group, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Done } from "../../parts/Done";

/** Recovery codes, shown this once. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
    const { t } = useTranslation();
    return (
        <Stack gap="sm">
            <Done title={t("factor.codesTitle")}>{t("factor.codesText")}</Done>
            <Code block>{codes.join("\n")}</Code>
            <Group>
                <CopyButton value={codes.join("\n")}>
                    {({ copied, copy }) => (
                        <Button variant="default" onClick={copy}>
                            {copied ? t("copied") : t("copy")}
                        </Button>
                    )}
                </CopyButton>
            </Group>
        </Stack>
    );
}
