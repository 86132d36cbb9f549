import type { ThemeConfig } from 'antd'

/** Ant Design in the console's measures: dense, calm, nothing that moves without need. */
export const theme: ThemeConfig = {
  token: {
    colorPrimary: '#0b5cad',
    colorLink: '#0b5cad',
    colorError: '#b3141f',
    colorText: '#1b2530',
    colorTextSecondary: '#4d5a68',
    colorTextDescription: '#5a6775',
    colorTextPlaceholder: '#5f6c79',
    colorTextDisabled: '#5f6c79', // what is switched off is read, too
    colorBorder: '#b9c3ce',
    colorBorderSecondary: '#dfe5eb',
    borderRadius: 4,
    controlHeight: 32,
    motion: false,
    fontFamily:
      'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif',
  },
  components: {
    Form: { itemMarginBottom: 16, verticalLabelPadding: '0 0 4px' },
  },
}
