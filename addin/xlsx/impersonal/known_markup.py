"""Elements, attributes and values of workbooks' markup that the formats define: no word of a user."""

from __future__ import annotations

ELEMENTS = frozenset(
    """
    absoluteAnchor alignment alpha area3DChart areaChart autoTitleDeleted b backWall bar3DChart barChart
    baseTimeUnit bevel bgClr br brk bubbleChart bubbleSize charset colBreaks color colors condense crossesAt
    dLbl dLblPos dataBar date1904 dateAx depthPercent diagonal dispBlanksAs dispEq dispRSqr doughnutChart
    downBars dropLines effectLst errBarType errBars errDir errValType explosion ext extend family fgClr
    fillToRect firstSliceAng floor gapDepth gradFill gradientFill gs gsLst h hMode headEnd hiLowLines holeSize
    horizontal i iconSet ignoredError ignoredErrors indexed indexedColors invertIfNegative layout layoutTarget
    legendEntry lin line3DChart lineChart logBase lumMod lumOff lvl majorUnit manualLayout mergeCell mergeCells
    minorGridlines minorUnit minus miter mruColors multiLvlStrCache multiLvlStrRef noEndCap noMultiLvlLbl numLit
    ofPieChart oneCellAnchor order outline outlinePr p pPr path pattFill period perspective pie3DChart pieChart
    plus pos protection prstClr r rAngAx rPr radarChart radarStyle rgbColor rotX rotY round roundedCorners
    rowBreaks satMod scatterChart scatterStyle scheme schemeClr separator serAx shade shadow shape
    showBubbleSize showCatName showLeaderLines showLegendKey showPercent showSerName sideWall size smooth
    stockChart stop strike surfaceChart sysClr sz t tailEnd thickness tint trendline trendlineType twoCellAnchor
    u upBars upDownBars varyColors vertAlign vertical view3D w wMode x xMode xVal y yMode yVal
    """.split()
)
"""By their local names; those of the template are known beside them."""

ATTRIBUTES = frozenset(
    """
    aboveAverage activePane algn alignWithMargins allowBlank anchor anchorCtr ang applyAlignment applyBorder
    applyFill applyFont applyNumberFormat applyProtection auto b baseColWidth baseline bestFit blackAndWhite
    bottom cap cellComments cmpd collapsed colorId copies count customHeight cx cy defaultColWidth
    defaultGridColor degree diagonalDown diagonalUp differentFirst differentOddEven draft emptyCellReference
    equalAverage errorStyle errors evalError firstPageNumber fitToHeight fitToWidth formula formulaRange
    gridLines gridLinesSet gte headings hidden horizontalCentered horizontalDpi i iconSet idx imeMode indent
    indexed justifyLastLine kern l left locked man manualBreakCount maxLength minLength numberStoredAsText
    operator outline outlineLevel outlineLevelCol outlineLevelRow pageOrder paperSize percent pivotButton
    position pt quotePrefix r rank readingOrder relativeIndent reverse right rightToLeft rot scale scaleWithDoc
    scaled showColumnStripes showDropDown showFirstColumn showFormulas showHeader showLastColumn
    showOutlineSymbols showRowColHeaders showRowStripes showRuler showValue showWhiteSpace showZeros shrinkToFit
    spc stdDev stopIfTrue strike style summaryBelow summaryRight sx sy t tabSelected textRotation thickBottom
    thickTop timePeriod tint top topLeftCell twoDigitTextYear u unlockedFormula useFirstPageNumber vert
    verticalCentered verticalDpi view w windowProtection wrapText x y zeroHeight zoomScale zoomScaleNormal
    """.split()
)
"""Likewise."""

VALUES = frozenset(
    """
    3Arrows 3ArrowsGray 3Flags 3Signs 3Symbols 3Symbols2 3TrafficLights1 3TrafficLights2 4Arrows 4ArrowsGray
    4Rating 4RedToBlack 4TrafficLights 5Arrows 5ArrowsGray 5Quarters 5Rating Aptos Arial Calibri Cambria Carlito
    Consolas Georgia Helvetica NA Tahoma Verdana aboveAverage absolute accent1 accent2 accent3 accent4 accent5
    accent6 asDisplayed auto autoZero b bar baseline bestFit between bg1 bg2 black bottom bottomLeft bottomRight
    box cellIs center centerContinuous circle clustered col colorScale cone containsBlanks containsErrors cross
    ctr custom cylinder darkDown darkGray darkGrid darkHorizontal darkTrellis darkUp darkVertical dash dashDot
    dashDotDot dashed dataBar date days dbl decimal default diamond displayed distributed dk1 dk2 dot dotted
    double doubleAccounting downThenOver duplicateValues edge equal exp expression factor fill filled flat
    folHlink formula frozen frozenSplit gap general gray0625 gray125 greaterThan greaterThanOrEqual hair hidden
    high hlink horz iconSet in inBase inEnd information inner justify l landscape last7Days lastMonth lastWeek
    left lessThan lessThanOrEqual lgDash lgDashDot lgDashDotDot lightDown lightGray lightGrid lightHorizontal
    lightTrellis lightUp lightVertical line lineMarker linear list log low lt1 lt2 major marker max maxMin
    medium mediumDashDot mediumDashDotDot mediumDashed mediumGray midCat min minMax minor months movingAvg
    nextMonth nextTo nextWeek none normal notBetween notContainsBlanks notContainsErrors notEqual num oneCell
    out outEnd outer overThenDown pageBreakPreview pageLayout path percent percentStacked percentile phClr
    picture plus poly portrait power pyramid r right rnd single singleAccounting slantDashDot smooth
    smoothMarker sng solid span split sq square stacked standard star stop subscript superscript sysDash
    sysDashDot sysDashDotDot sysDot t textLength thick thin thisMonth thisWeek time timePeriod today tomorrow
    top top10 topLeft topRight tr triangle twoCell tx1 tx2 uniqueValues vert veryHidden visible warning white
    whole window windowText wordArtVert x years yesterday zero
    """.split()
)
"""Values of attributes that are words, and fonts of one word."""

FONTS = frozenset({
    "Times New Roman", "Courier New", "Calibri Light", "Aptos Narrow", "Aptos Display", "Liberation Sans",
    "DejaVu Sans", "Segoe UI", "Liberation Serif", "Noto Sans", "MS Sans Serif",
})  # fmt: skip
DROPPED = frozenset({"prompt", "error", "promptTitle", "errorTitle", "tooltip", "display", "descr", "title", "codeName",
                     "algorithmName", "hashValue", "saltValue", "spinCount", "password", "lang",
                     "script", "xfId"})  # fmt: skip
"""Attributes without which their element still says what it has to."""
