import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { LANGUAGES, language, setLanguage } from "../app/languages";

const NAMES = { en: "English", es: "Español" } as const;

/** Chooses the language of the portal in this browser. */
export function LanguageMenu() {
    const { t } = useTranslation();
    return (
        <SegmentedControl
            size="xs"
            aria-label={t("language")}
            value={language()}
            data={LANGUAGES.map((each) => ({ value: each, label: NAMES[each] }))}
            onChange={(wanted) => void setLanguage(wanted === "es" ? "es" : "en")}
        />
    );
}
