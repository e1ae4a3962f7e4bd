/** How alike two header texts are, safe for Chinese: 毛重 and 净重 are one character apart and have nothing in common. */

/**
 * What headers are told apart by. In each group both texts must show the same marks; `soft` groups tolerate that one
 * text is silent. Texts are normalised: small letters, no spaces, no punctuation.
 */
const groups: readonly { readonly soft?: true; readonly marks: readonly RegExp[] }[] = [
  { marks: [/毛|gross|^gw/u, /净|net(?!h)|^nw/u, /皮重|自重|tare/u] },
  { marks: [/单价|unitprice/u, /总价|总值|总额|金额|amount|合计|小计|货值/u, /净价|毛利|profit|price/u] },
  { marks: [/进口|进境|入境|入关|import/u, /(?<!进)出口|(?<!进)出境|离境|出关|export/u, /进出/u] },
  { marks: [/境内|国内|domestic/u, /境外|国外|外商|海外|overseas|foreign/u] },
  {
    marks: [
      /收发/u,
      /(?<!发)收货|收件|买方|进口商|consignee|buyer/u,
      /(?<!收)发货|发件|卖方|出口商|托运|shipper|consignor|seller/u,
    ],
  },
  { marks: [/一|1|first/u, /二|2|second/u, /三|3|third/u] },
  { marks: [/重|weight|wt/u, /数量|件数|个数|数$|qty|quantity|pieces|pcs/u, /体积|容积|volume|cbm/u] },
  {
    marks: [
      /启运|起运|装货|装船|发运|始发|departure|loading/u,
      /运抵|指运|到达|到港|到货|卸|目的|抵|destination|discharge|arrival/u,
      /经停|中转|转运|停靠/u,
      /原产|origin|产国|制造国/u,
      /贸易国|成交国/u,
      /交货|提货|放行|出厂/u,
    ],
  },
  { marks: [/运费|freight/u, /保费|保险|insur/u, /杂费|其他费/u, /服务费|佣金|特许/u, /税|tax|duty/u] },
  { marks: [/率|rate/u, /标记|标志|标识|mark|flag/u, /币|currency|curr/u, /汇率/u] },
  {
    marks: [
      /申报(?!要素|单价|总价|数量|计量|金额|日期|地)|报关(?!单)|代理|agent|declarant/u,
      /法定|statutory/u,
      /录入|输入/u,
      /消费使用|使用单位|生产销售|货主|最终用户|owner/u,
      /委托|加工|付款/u,
      /生产(?!销售)|制造|厂|manufactur/u,
      /经营/u,
      /客户|customer|供应商|supplier|仓库|财务|司机|采购|货代|物流|承运|船公司/u,
    ],
  },
  { marks: [/信用|scc|uscc/u, /检验检疫|国检|商检|报检|ciq/u, /海关(?!编号)|关区|关别|customs/u] },
  { marks: [/外文|英文|english|en$|ename/u] },
  {
    marks: [
      /电话|手机|tel|phone/u,
      /地址|address|addr/u,
      /邮箱|邮件|email/u,
      /邮编|传真/u,
      /联系人|contact/u,
    ],
  },
  { marks: [/日期|时间|date|time|日$/u] },
  {
    marks: [
      /吨|\bton/u,
      /(?<!千)克|gram|\(g\)/u,
      /磅|lbs?/u,
      /usd|美元|美金/u,
      /cny|rmb|人民币|元(?!素)/u,
      /eur|欧元/u,
      /jpy|日元/u,
      /万/u,
      /cm|厘米|mm|毫米|立方/u,
    ],
  },
  {
    marks: [
      /关联|相关|related/u,
      /原(?!产|料|材)|旧|former|old/u,
      /新|new/u,
      /预计|计划|建议|预估|eta|etd|expected/u,
      /实际|actual/u,
      /上(?:年|次|月)|去年|本(?:月|年)/u,
      /平均|均价|每|单件|per/u,
      /累计|剩余|余额|balance/u,
      /差|调整|折扣|discount/u,
      /退|return/u,
      /分提|分单/u,
      /总提|主单/u,
      /合计|小计/u,
    ],
  },
  { marks: [/不|非|无|未|没有|non/u] },
  { marks: [/是否|确认/u] },
  { marks: [/备用|临时|测试|内部|internal/u] },
  { marks: [/美国|日本|德国|韩国|欧盟|英国|香港|台湾|hts|外国/u] },
  { marks: [/国(?!际|检)|country/u] },
  { marks: [/危险|危包|dangerous|hazard/u] },
  { marks: [/订单|^po|采购单/u, /发票|invoice/u, /合同|contract/u, /核销/u] },
  { soft: true, marks: [/号|码|code|no$|number/u, /名|name/u] },
  { soft: true, marks: [/国(?!际|检)|country/u, /港|port/u, /口岸/u, /地区|目的地|货源地|产地/u] },
  {
    soft: true,
    marks: [
      /提单|运单|提运单|b\/?l|awb/u,
      /许可证|licen[sc]e/u,
      /单证|单据|证书/u,
      /备案|手册|账册/u,
      /箱|柜|container/u,
      /报关单/u,
      /装箱单/u,
    ],
  },
  {
    soft: true,
    marks: [
      /商品|货物|品名|物品|产品|goods|item/u,
      /企业|公司|单位|人$/u,
      /运输|船|车|航班|vessel/u,
      /包装|package|packing/u,
    ],
  },
  {
    soft: true,
    marks: [
      /规格|spec/u,
      /型号|model/u,
      /品牌|brand/u,
      /成[分份]|材质|原料/u,
      /用途/u,
      /批号|批次/u,
      /版本/u,
      /品名/u,
    ],
  },
];

type Traits = readonly number[];
export type Signed = {
  readonly text: string;
  readonly traits: Traits;
  readonly grams: ReadonlyMap<string, number>;
};

/** A header's marks and pieces, made once for each text. */
export function signHeader(text: string): Signed {
  const traits = groups.map(({ marks }) =>
    marks.reduce((bits, mark, index) => (mark.test(text) ? bits | (1 << index) : bits), 0),
  );
  return { text, traits, grams: gramsOf(text) };
}

/** Whether something tells them apart, whatever else they share. */
export function areOpposed(a: Signed, b: Signed): boolean {
  return groups.some(({ soft }, index) => {
    const [one, other] = [a.traits[index] ?? 0, b.traits[index] ?? 0];
    return soft ? one !== 0 && other !== 0 && (one & other) === 0 : one !== other;
  });
}

/** Characters and pairs of Chinese, words of Latin letters. */
function gramsOf(text: string): Map<string, number> {
  const grams = new Map<string, number>();
  const add = (gram: string): void => void grams.set(gram, (grams.get(gram) ?? 0) + 1);
  for (const [run] of text.matchAll(/[a-z0-9]+|[^a-z0-9()/]+/gu)) {
    if (/^[a-z0-9]/u.test(run))
      for (let at = 0; at < Math.max(1, run.length - 2); at += 1) add(run.slice(at, at + 3));
    else
      for (let at = 0; at < run.length; at += 1) {
        add(run.slice(at, at + 1));
        if (at + 1 < run.length) add(run.slice(at, at + 2));
      }
  }
  return grams;
}

/** Dice's coefficient over pieces weighed by `weightOf`: a piece that many headers have says little. From 0 to 1; 0 where they are opposed. */
export function resemblance(a: Signed, b: Signed, weightOf: (gram: string) => number): number {
  if (areOpposed(a, b)) return 0;
  let shared = 0;
  let all = 0;
  for (const [gram, count] of a.grams) {
    const weight = weightOf(gram);
    shared += weight * Math.min(count, b.grams.get(gram) ?? 0);
    all += weight * count;
  }
  for (const [gram, count] of b.grams) all += weightOf(gram) * count;
  return all === 0 ? 0 : (2 * shared) / all;
}
