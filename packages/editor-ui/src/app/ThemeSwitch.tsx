import Button from 'antd/es/button';
import Dropdown from 'antd/es/dropdown';
import { Monitor, Moon, Sun } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { THEME_MODES, type ThemeMode, useTheme } from './theme-mode.ts';

const icons = { light: Sun, dark: Moon, system: Monitor };

/** Light, dark, or as the system does. */
export function ThemeSwitch() {
  const { t } = useTranslation();
  const { mode, setMode } = useTheme();
  const Icon = icons[mode];
  const items = THEME_MODES.map((one) => {
    const ItemIcon = icons[one];
    return { key: one, label: t(`theme.${one}`), icon: <ItemIcon size={14} aria-hidden /> };
  });
  return (
    <Dropdown
      trigger={['click']}
      menu={{ items, selectable: true, selectedKeys: [mode], onClick: ({ key }) => setMode(key as ThemeMode) }}
    >
      <Button
        type="text"
        aria-label={`${t('theme.label')}: ${t(`theme.${mode}`)}`}
        icon={<Icon size={16} aria-hidden />}
      />
    </Dropdown>
  );
}
