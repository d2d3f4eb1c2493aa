"""What is found: JSONPath in `filter`; conditions that one element of an array meets together."""

from __future__ import annotations

from tests.api.queries.row import V5, Row, path

_ALL = "1 2 3 4 5 6 7 8 9 10 11 12"
_START = "@.validFor.startDateTime"

FILTERS = (
    # Comparisons.
    Row(path("$[?(@.lifecycleStatus=='Active')]"), "1 2 3 11 12"),
    Row(path('$[?(@.lifecycleStatus=="Active")]'), "1 2 3 11 12"),
    Row(path("$[?@.lifecycleStatus=='Active']"), "1 2 3 11 12", why="the parentheses may be left out"),
    Row(path("[?(@.lifecycleStatus=='Active')]"), "1 2 3 11 12", why="so may the $"),
    Row(path("$[?( @.lifecycleStatus == 'Active' )]"), "1 2 3 11 12"),
    Row(path("$[?('Active'==@.lifecycleStatus)]"), "1 2 3 11 12", why="the value may come first"),
    Row(path("$[?(@['lifecycleStatus']=='Active')]"), "1 2 3 11 12"),
    Row(path("$[?(@.lifecycleStatus!='Active')]"), "4 5 6 7 8 9 10"),
    Row(path("$[?(@.description!='red')]"), "2 3 4 5 6 7 8 9 10 11 12", why="holds where it is absent"),
    Row(path("$[?(@.description=='')]"), "9"),
    Row(path("$[?(@.description=='amber, teal')]"), "2"),
    Row(path("$[?(@.description=='red,green')]"), "", why="no alternatives in JSONPath"),
    Row(path("$[?(@.description=='50% off; now')]"), "4"),
    Row(path("$[?(@.description=='Grün + blau')]"), "7"),
    Row(path('$[?(@.description=="it\'s")]'), "6"),
    Row(path(r"$[?(@.description=='it\'s')]"), "6"),
    Row(path("$[?(@.description=='say \"hi\"')]"), "5"),
    Row(path("$[?(@.description==null)]"), "", why="null stands nowhere; what is absent is not null"),
    Row(path("$[?(@.statusReason>'10')]"), "2 3 11 12", why="texts by code point"),
    Row(path("$[?(@.statusReason<='10')]"), "1"),
    Row(path("$[?(@.name<'q620 B')]"), "1"),
    Row(path("$[?(@.isBundle==true)]"), "1 4 7"),
    Row(path("$[?(@.isBundle==false)]"), "2 5 8"),
    Row(path("$[?(@.isBundle!=true)]"), "2 3 5 6 8 9 10 11 12"),
    Row(path("$[?(@.@type=='ProductOffering')]"), _ALL),
    Row(path("$[?(@['@type']=='ProductOffering')]"), _ALL),
    Row(path("$[?(@.id=='q620-po-7')]"), "7"),
    # Dates are instants here, too.
    Row(path(f"$[?({_START}=='2026-01-01T00:00:00Z')]"), "1 2 3"),
    Row(path(f"$[?({_START}=='2026-01-01T02:00:00+02:00')]"), "1 2 3"),
    Row(path(f"$[?({_START}=='2026-01-01')]"), "1 2 3"),
    Row(path(f"$[?({_START}>'2026-01-01')]"), "4 6 7 8 12"),
    Row(path(f"$[?({_START}>='2026-03-15T12:00:00-05:00')]"), "6 7 8 12"),
    Row(path(f"$[?({_START}<'2026-01-01T00:00:00.000Z')]"), "5 11"),
    Row(path(f"$[?({_START}!='2026-01-01')]"), "4 5 6 7 8 9 10 11 12"),
    Row(path(f"$[?({_START}>='2026-03-15' && {_START}<'2026-03-16')]"), "6 7 12"),
    Row(path(f"$[?(!({_START}>'2026-01-01'))]"), "1 2 3 5 9 10 11"),
    Row(path(f"$[?(!({_START}>'2026-01-01') && {_START})]"), "1 2 3 5 11"),
    # Regular expressions.
    Row(path("$[?(@.name=~/fibre$/)]"), "1 4 9"),
    Row(path("$[?(@.name =~ /fibre/)]"), "1 4 9", why="searched anywhere"),
    Row(path("$[?(@.name=~'fibre$')]"), "1 4 9", why="a text will do"),
    Row(path("$[?(@.name=~'(?i)^q620 ALPHA')]"), "1 3"),
    Row(path("$[?(@.category[?(@.id=='c1' && @.name=~'net')])]"), "1 2 4"),
    Row(path("$[?(@.name=~/ALPHA/i)]"), "1 3"),
    Row(path("$[?(@.name=~/ALPHA/)]"), ""),
    Row(path("$[?(@.description=~/^amber, t/)]"), "2"),
    Row(path("$[?(!(@.name=~/fibre/))]"), "2 3 5 6 7 8 10 11 12"),
    # And, or, not, parentheses; and binds tighter than or.
    Row(path("$[?(@.lifecycleStatus=='Active' && @.isBundle==true)]"), "1"),
    Row(path("$[?(@.lifecycleStatus=='Retired' || @.isBundle==true)]"), "1 4 7 8"),
    Row(path("$[?(@.description=='red' || @.lifecycleStatus=='Active' && @.isBundle==false)]"), "1 2"),
    Row(path("$[?((@.description=='red' || @.lifecycleStatus=='Active') && @.isBundle==false)]"), "2"),
    Row(path("$[?(!(@.lifecycleStatus=='Active'))]"), "4 5 6 7 8 9 10"),
    Row(path("$[?(!(@.lifecycleStatus=='Active' || @.isSellable==false))]"), "4 5 6 10"),
    Row(path("$[?(!(!(@.isBundle==true)))]"), "1 4 7"),
    Row(path("$[?(@.isBundle==true && !(@.isSellable==true))]"), "7"),
    # Existence.
    Row(path("$[?(@.description)]"), "1 2 3 4 5 6 7 8 9 12", why="an empty text exists"),
    Row(path("$[?@.description]"), "1 2 3 4 5 6 7 8 9 12"),
    Row(path("$[?(!@.description)]"), "10 11"),
    Row(path("$[?(@.isBundle)]"), "1 2 4 5 7 8", why="false exists"),
    Row(path("$[?(@.validFor)]"), "1 2 3 4 5 6 7 8 9 11 12"),
    Row(path("$[?(@.validFor.endDateTime)]"), "1 8 9"),
    Row(path(f"$[?(@.validFor && !{_START})]"), "9"),
    Row(path("$[?(@.serviceLevelAgreement && @.agreement)]"), "3"),
    # Paths into arrays: any element, each condition by itself.
    Row(path("$[?(@.category.id=='c1')]"), "1 2 4"),
    Row(path("$[?(@.category.id=='c1' && @.category.name=='Home')]"), "1"),
    Row(path("$[?(@.productOfferingTerm.duration.amount>12)]"), "2 4 6"),
    Row(path("$[?(@.productOfferingTerm.duration.amount<=6)]"), "2 3 8"),
    Row(
        path("$[?(@.productOfferingPrice.price.value==29.9)]"),
        "1 6",
        v4_query=path("$[?(@.productOfferingPrice.price.dutyFreeAmount.value==29.9)]"),
    ),
    # Nested filters: one element meets all.
    Row(path("$[?(@.productOfferingTerm[?(@.duration.amount==12 && @.duration.units=='month')])]"), "1"),
    Row(path("$[?(@.productOfferingTerm[?(@.duration.amount>=6 && @.duration.amount<=12)])]"), "1 4 8"),
    Row(path("$[?@.productOfferingTerm[?@.duration.amount>=6 && @.duration.amount<=12]]"), "1 4 8"),
    Row(path("$[?(@.category[?(@.id=='c1' && @.name=='Home')])]"), ""),
    Row(path("$[?(@.category[?(@.id=='c1' || @.name=='Home')])]"), "1 2 3 4 5 12"),
    Row(path("$[?(@.category[?(@.id=='c1')] && @.category[?(@.id=='c2')])]"), "1", why="two elements"),
    Row(path("$[?(!@.category[?(@.id=='c1')])]"), "3 5 6 7 8 9 10 11 12", why="no element"),
    Row(path("$[?(@.category[?(@.id!='c1')])]"), "1 3 4 5 12", why="some other element"),
    Row(path("$[?(@.productOfferingTerm[?(@.name=~/^12/)])]"), "1 4 8"),
    Row(path("$[?(@.productOfferingTerm[?(!@.duration)])]"), "5"),
    Row(path("$[?(@.channel[?(@.id=='ch-shop')] && @.lifecycleStatus=='Launched')]"), "6"),
    Row(
        path(
            "$[?(@.prodSpecCharValueUse[?(@.name=='colour' && @.productSpecCharacteristicValue[?(@.value=='red')])])]"
        ),
        "1",
    ),
    Row(
        path("$[?(@.prodSpecCharValueUse[?(@.name=='colour' && @.productSpecCharacteristicValue.value=='blue')])]"),
        "1 2",
    ),
    Row(
        path("$[?(@.prodSpecCharValueUse[?(@.name=='speed' && @.productSpecCharacteristicValue.value>50)])]"),
        "1 6",
    ),
    Row(
        path("$[?(@.productOfferingPrice[?(@.name=='monthly' && @.price.unit=='EUR')])]"),
        "1 2",
        v4_query=path("$[?(@.productOfferingPrice[?(@.name=='monthly' && @.price.dutyFreeAmount.unit=='EUR')])]"),
    ),
    Row(
        path("$[?(@.productOfferingPrice[?(@.price.value>20 && @.tax.taxRate==19)])]"),
        "1",
        v4_query=path("$[?(@.productOfferingPrice[?(@.price.dutyFreeAmount.value>20 && @.price.taxRate==19)])]"),
    ),
    Row(path("$[?(@.externalIdentifier[?(@.owner=='sap' && @.id=='M-1')])]"), "1", V5),
    # A path into each resource: those where it leads somewhere.
    Row(path("$.category[?(@.id=='c1')]"), "1 2 4"),
    Row(path("category[?(@.id=='c1')]"), "1 2 4"),
    Row(path("$.category[?(@.id=='c1' || @.id=='c4')]"), "1 2 4 12"),
    Row(path("$.productOfferingTerm[?(@.duration.units=='week')]"), "2 4"),
    Row(path("$.productOfferingTerm[?(@.duration.amount==12 && @.duration.units=='month')]"), "1"),
    # Several filters are alternatives.
    Row(path("$[?(@.description=='red')]") + "&" + path("$[?(@.description=='green')]"), "1 3"),
    Row(path("$.category[?(@.id=='c4')]") + "&" + path("$[?(@.isBundle==false)]"), "2 5 8 12"),
    # A filter and other conditions: both.
    Row("lifecycleStatus=Active&" + path("$[?(@.isBundle==true)]"), "1"),
    Row(path("$.category[?(@.id=='c1')]") + "&isSellable=true&description.ne=red", "2 4"),
    Row(
        path("$[?(@.description=='red')]") + "&isBundle=true&" + path("$[?(@.lifecycleStatus=='Retired')]"),
        "1 7",
        why="the filters are alternatives to each other alone",
    ),
    Row(path("$[?(@.lifecycleStatus=='Active')]") + "&sort=-name", "3 12 11 2 1"),
    Row(path("$[?(@.lifecycleStatus=='Active')]") + "&sort=name&offset=1&limit=2", "2 11"),
)
