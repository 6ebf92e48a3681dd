import { Button, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Done } from "../../parts/Done";

/** What a mailed link did, and the way on. */
export function Finished({ title, text }: { title: string; text: string }) {
    const { t } = useTranslation();
    return (
        <Stack>
            <Done title={title}>{text}</Done>
            <Button component={Link} to="/sign-in">
                {t("signIn.title")}
            </Button>
        </Stack>
    );
}
