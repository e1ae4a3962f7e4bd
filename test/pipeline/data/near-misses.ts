/** Headers that nearly say a field and mean something else, each over values that would fit the field it must not become. */
import type { FieldPath } from '../../../src/model/declaration.ts';

export type NearMiss = {
  readonly header: string;
  /** The field it must not be taken for; the table has no other column of it, and the column holds its values. */
  readonly not: FieldPath;
  /** The one field that would be right all the same. */
  readonly unless?: FieldPath;
};

const lines = `
重量 DecHead.GrossWet
重量 DecHead.NetWt
皮重 DecHead.GrossWet
皮重 DecHead.NetWt
总净重 DecHead.GrossWet DecHead.NetWt
总毛重 DecHead.NetWt DecHead.GrossWet
毛利 DecHead.GrossWet
净价 DecHead.NetWt
毛重(吨) DecHead.GrossWet
毛重（磅） DecHead.GrossWet
净重(g) DecHead.NetWt
N.W.(LBS) DecHead.NetWt
单件毛重 DecHead.GrossWet
单件净重 DecHead.NetWt
预计毛重 DecHead.GrossWet
毛重差 DecHead.GrossWet
上次净重 DecHead.NetWt
净重合计 DecHead.GrossWet
GROSS PROFIT DecHead.GrossWet
NET PRICE DecHead.NetWt
含税单价 DecLists.DeclPrice
不含税单价 DecLists.DeclPrice
平均单价 DecLists.DeclPrice
单价（人民币） DecLists.DeclPrice
原单价 DecLists.DeclPrice
总价（人民币） DecLists.DeclPrice
总价（万元） DecLists.DeclTotal
单价合计 DecLists.DeclTotal
关税金额 DecLists.DeclTotal
增值税金额 DecLists.DeclTotal
运费金额 DecLists.DeclTotal
保险金额 DecLists.DeclTotal
折扣金额 DecLists.DeclTotal
退货金额 DecLists.DeclTotal
合同总价 DecLists.DeclTotal
发票金额 DecLists.DeclTotal
订单总额 DecLists.DeclTotal
剩余数量 DecLists.GQty
订单数量 DecLists.GQty
每箱数量 DecLists.GQty
退货数量 DecLists.GQty
计划数量 DecLists.GQty
法定第三数量 DecLists.SecondQty
法定第三单位 DecLists.SecondUnit
第一数量单位 DecLists.SecondUnit DecLists.FirstUnit
法定第二数量 DecLists.FirstQty DecLists.SecondQty
重量单位 DecLists.GUnit
体积单位 DecLists.GUnit
每箱件数 DecHead.PackNo
托盘数 DecHead.PackNo
预计进口日期 DecHead.IEDate
合同日期 DecHead.IEDate
发票日期 DecHead.IEDate
申报日期 DecHead.IEDate
放行日期 DecHead.IEDate
到港日期 DecHead.DespDate
收货日期 DecHead.DespDate
卸货日期 DecHead.DespDate DecHead.CmplDschrgDt
交货日期 DecHead.DespDate
预计启运日期 DecHead.DespDate
旧商品编码 DecLists.CodeTS
美国商品编码 DecLists.CodeTS
HTS CODE DecLists.CodeTS
建议商品编码 DecLists.CodeTS
物料编码 DecLists.CodeTS
供应商编码 DecHead.TradeCode
客户编码 DecHead.TradeCode
境内发货人海关编码 DecHead.AgentCode DecHead.TradeCode
申报单位信用代码 DecHead.TradeCoScc DecHead.AgentCodeScc
境内收货人信用代码 DecHead.AgentCodeScc DecHead.TradeCoScc
消费使用单位信用代码 DecHead.TradeCoScc DecHead.OwnerCodeScc
供应商名称 DecHead.TradeName
货代公司 DecHead.AgentName
委托单位 DecHead.AgentName
付款单位 DecHead.TradeName
承运人 DecHead.TrafName
船公司 DecHead.TrafName
收货人地址 DecHead.TradeName
境外收货人 DecHead.OverseasConsignorEname DecHead.OverseasConsigneeEname
境外收货人名称 DecHead.TradeName DecHead.OverseasConsigneeEname
中转国 DecHead.TradeCountry
客户国家 DecHead.TradeAreaCode
品牌国 DecLists.OriginCountry
原产国家 DecHead.TradeCountry DecLists.OriginCountry
启运国家 DecLists.OriginCountry DecHead.TradeCountry
最终目的国家 DecLists.OriginCountry DecLists.DestinationCountry
原产国别 DecLists.DestinationCountry DecLists.OriginCountry
卸货港 DecHead.DespPortCode
中转港 DecHead.DespPortCode DecHead.DistinatePort
目的港 DecHead.DespPortCode
运费币别 DecLists.TradeCurr DecHead.FeeCurr
保费币别 DecHead.FeeCurr DecHead.InsurCurr
杂费币别 DecHead.FeeCurr DecHead.OtherCurr
汇率 DecHead.FeeRate
税率 DecHead.InsurRate
退税率 DecHead.FeeRate
运费费率 DecHead.InsurRate DecHead.FeeRate
内部备注 DecHead.NoteS
客户备注 DecHead.NoteS
仓库备注 DecHead.NoteS
出境口岸 DecHead.DespPortCode DecHead.EntyPortCode
合同编号 DecHead.BillNo DecHead.ContrNo
发票号码 DecHead.ContrNo
订单号码 DecHead.ContrNo Declarant.Reference
分单号 DecHead.BillNo
分运单编号 DecHead.BillNo
许可证编码 DecHead.ManualNo DecHead.LicenseNo
旧合同号 DecHead.ContrNo
上次提运单号 DecHead.BillNo
危险品名称 DecLists.GName DecLists.DangName
英文品名 DecLists.GName DecLists.DeclGoodsEname
品牌名称 DecLists.GName DecLists.GoodsBrand
规格说明 DecLists.GName
录入员电话 DecHead.InputerName
申报人员电话 DecHead.DeclareName
`;

function path(text = ''): FieldPath {
  const [segment = '', tag = ''] = text.split('.');
  return `${segment}.${tag}`;
}

export const nearMisses: readonly NearMiss[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [unless, not] = [/ (\S+\.\S+) (\S+\.\S+)$/u, / (\S+\.\S+)$/u].map((shape) => shape.exec(line));
    if (unless) return { header: line.slice(0, unless.index), not: path(unless[1]), unless: path(unless[2]) };
    return { header: line.slice(0, not?.index), not: path(not?.[1]) };
  });
