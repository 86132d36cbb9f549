import type { Center } from '../api/types'

/** What calls are mostly about, in the center's language: reports count these words, whatever language an agent reads in. */
const reasons: Record<Center['language'], string[]> = {
  zh: ['下单', '价格咨询', '产品咨询', '查询', '使用指导', '故障报修', '退换货', '投诉', '其他'],
  en: ['Order', 'Prices', 'Product', 'Status', 'How to use', 'Fault', 'Return', 'Complaint', 'Other'],
}

export const reasonsOf = (center: Center) => reasons[center.language]
