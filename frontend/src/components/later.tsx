// Dialogs that are loaded when somebody opens them first. Their code must not weigh on the first load of the page.
import { useEffect, useEffectEvent, useState, type ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { useNotify } from "./notices";

interface Closable {
  onClose: () => void;
}

/** The component that `load` gives; where it cannot be loaded, a notice says so and the dialog counts as closed. */
export function later<Props extends Closable>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function Later(props: Props) {
    const { t } = useTranslation();
    const notify = useNotify();
    const [Part, setPart] = useState(() => loaded);
    const failed = useEffectEvent(() => {
      notify(t("refused.UNREACHABLE"));
      props.onClose();
    });
    useEffect(() => {
      let isWanted = true;
      load().then(
        (part) => {
          loaded = part;
          if (isWanted) setPart(() => part);
        },
        () => {
          if (isWanted) failed();
        },
      );
      return () => {
        isWanted = false;
      };
    }, []);
    return Part === null ? null : <Part {...props} />;
  };
}
