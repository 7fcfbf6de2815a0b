import type { ThemeConfig } from 'antd/es/config-provider';
import theme from 'antd/es/theme';

const shared = {
  colorPrimary: '#1890ff',
  colorSuccess: '#52c41a',
  colorWarning: '#faad14',
  colorError: '#f5222d',
  fontFamily: 'var(--font)',
  fontFamilyCode: 'var(--font-mono)',
  fontSize: 13,
  borderRadius: 8,
  borderRadiusLG: 12,
  controlHeight: 32,
  wireframe: false,
} as const;

/** The kit's tokens; the same values as `tokens.css`. */
export function themeOf(dark: boolean, reducedMotion: boolean): ThemeConfig {
  const ground = dark
    ? {
        colorBgLayout: '#0f1115',
        colorBgContainer: '#181b21',
        colorBgElevated: '#1d2128',
        colorBorder: '#3d4450',
        colorBorderSecondary: '#2a2f38',
        colorText: '#e7eaef',
        colorTextSecondary: '#9ba5b4',
        colorTextTertiary: '#9ba5b4',
        colorTextPlaceholder: '#8a94a3',
        colorLink: '#58aeff',
        colorLinkHover: '#8cc8ff',
        colorLinkActive: '#8cc8ff',
      }
    : {
        colorBgLayout: '#f0f2f5',
        colorBgContainer: '#ffffff',
        colorBgElevated: '#ffffff',
        colorBorder: '#c9ced6',
        colorBorderSecondary: '#e2e5ea',
        colorText: '#181d24',
        colorTextSecondary: '#566070',
        colorTextTertiary: '#566070',
        colorTextPlaceholder: '#6b7585',
        colorLink: '#0b63be',
        colorLinkHover: '#084c94',
        colorLinkActive: '#084c94',
      };
  // White on the primary itself is 3.2 to 1; a filled button needs 4.5.
  const solid = {
    colorPrimary: '#1071d3',
    colorPrimaryHover: '#0e66c0',
    colorPrimaryActive: '#0b549e',
    primaryShadow: 'none',
  };
  // The error colour as words: 4.5 to 1 on every ground; as a filled button it carries the opposite.
  const danger = dark
    ? { colorError: '#ff7a80', colorErrorHover: '#ff9ca0', colorErrorActive: '#ff5f66', dangerColor: '#2a0608' }
    : { colorError: '#c5121d', colorErrorHover: '#a80f18', colorErrorActive: '#8c0c14' };
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: { ...shared, ...ground, motion: !reducedMotion },
    components: {
      Button: { ...solid, ...danger, defaultShadow: 'none', dangerShadow: 'none', fontWeight: 500 },
      Dropdown: { colorError: danger.colorError },
      Tooltip: { colorBgSpotlight: dark ? '#323844' : '#1f2630' },
      Segmented: { trackBg: dark ? '#13161b' : '#e8ebef' },
    },
  };
}
