Attribute VB_Name = "Calls"
Option Explicit
Option Private Module

' From a formula to Python and back: plain values go out, values and real errors come in.

Public Const FUNCTIONS_MODULE As String = "addin.hosts.excel.udfs"
Public Const FAILURES_MODULE As String = "addin.hosts.excel.failures"
Public Const RIBBON_MODULE As String = "addin.hosts.excel.ribbon"

Private Const QUIET_MINUTES As Long = 5
Private Const WRONG_ARGUMENT As Long = vbObjectError + 513
Private Const NO_PYTHON As Long = vbObjectError + 514

Private server As Object
Private quietUntil As Date

' The answer of a metric to the arguments of its formula.
Public Function Ask(ByVal metric As String, arguments As Variant) As Variant
    Dim values As Variant
    On Error GoTo failed
    values = ValuesOf(arguments)
    Ask = Received(Called(FUNCTIONS_MODULE, metric, values))
    Exit Function
failed:
    If Err.Number = WRONG_ARGUMENT Then
        NoteFailure metric & ": " & Err.Description
        Ask = CVErr(xlErrValue)
    Else
        Ask = CVErr(xlErrNA)
    End If
End Function

' Python keeps the reasons of all workbooks, for Explain.
Private Sub NoteFailure(ByVal reason As String)
    On Error Resume Next ' the cell shows an error all the same
    Called FAILURES_MODULE, "note_failure", Array(reason)
End Sub

' What a Python function returns. A server that had answered before and died is started again, once; after a failed
' start, which can take a minute, nothing is tried for a while.
Public Function Called(ByVal moduleName As String, ByVal functionName As String, arguments As Variant) As Variant
    Dim hadAnswered As Boolean
    hadAnswered = Not server Is Nothing
    If Not hadAnswered And Now < quietUntil Then Err.Raise NO_PYTHON, , "Python did not start a moment ago; press Doctor"
    On Error GoTo failed
again:
    If server Is Nothing Then Set server = Started()
    Called = server.CallUDF(moduleName, functionName, arguments)
    Exit Function
failed:
    Set server = Nothing
    If hadAnswered Then
        hadAnswered = False
        Resume again
    End If
    quietUntil = Now + TimeSerial(0, QUIET_MINUTES, 0)
    Err.Raise NO_PYTHON, , "Python does not answer (" & Err.Description & "); press Doctor"
End Function

' What a Python function returns that changes a workbook: asked once, since nobody knows how far a failed one came.
Public Function CalledOnce(ByVal moduleName As String, ByVal functionName As String, arguments As Variant) As Variant
    Called FAILURES_MODULE, "take_failures", Array() ' Python runs now, if it can
    On Error GoTo failed
    CalledOnce = server.CallUDF(moduleName, functionName, arguments)
    Exit Function
failed:
    Set server = Nothing
    Err.Raise NO_PYTHON, , "Python stopped on the way (" & Err.Description & "); look at what it wrote, or close the " & _
        "workbook without saving"
End Function

' Lets the next call start Python anew, however lately it failed.
Public Sub Reconnect()
    Set server = Nothing
    quietUntil = 0
End Sub

Private Function Started() As Object
#If Mac Then
    Err.Raise NO_PYTHON, , "these functions need Excel on Windows, or LibreOffice"
#Else
    Set Started = XLPy()
#End If
End Function

Private Function ValuesOf(arguments As Variant) As Variant
    Dim values() As Variant, i As Long
    ReDim values(LBound(arguments) To UBound(arguments))
    For i = LBound(arguments) To UBound(arguments)
        If Not IsObject(arguments(i)) Then
            values(i) = arguments(i)
        ElseIf Not TypeOf arguments(i) Is Range Then
            Err.Raise WRONG_ARGUMENT, , "a range or a value is needed, " & TypeName(arguments(i)) & " was found"
        ElseIf arguments(i).Areas.Count > 1 Then
            Err.Raise WRONG_ARGUMENT, , "one range is needed, several were found; give them as one block"
        ElseIf ReachesTheEdge(arguments(i)) Then
            values(i) = Packed(Clipped(arguments(i), arguments).Value2)
        Else
            values(i) = Packed(arguments(i).Value2)
        End If
    Next i
    ValuesOf = values
End Function

' The cells of a range in few pieces, since COM takes its time over each cell that is handed over by itself: how many
' columns there are; the numbers as one array, or the texts joined, whichever are more; the places of the blanks; the
' places of all other cells, and what they hold. Places count from 0, row by row. A single cell goes as it is.
Private Function Packed(cells As Variant) As Variant
    Dim numbers() As Double, texts() As String, blanks() As Long, places() As Long, others() As Variant
    Dim main As Long, blankCount As Long, otherCount As Long, place As Long, r As Long, c As Long
    If Not IsArray(cells) Then
        Packed = cells
        Exit Function
    End If
    main = MainKind(cells)
    ReDim numbers(0 To UBound(cells, 1) * UBound(cells, 2) - 1)
    ReDim texts(0 To UBound(numbers)), blanks(0 To UBound(numbers)), places(0 To UBound(numbers)), others(0 To 0)
    For r = 1 To UBound(cells, 1)
        For c = 1 To UBound(cells, 2)
            Select Case KindOf(cells(r, c))
                Case vbEmpty
                    blanks(blankCount) = place
                    blankCount = blankCount + 1
                Case main
                    If main = vbString Then texts(place) = cells(r, c) Else numbers(place) = cells(r, c)
                Case Else
                    If otherCount > UBound(others) Then ReDim Preserve others(0 To 2 * otherCount)
                    places(otherCount) = place
                    others(otherCount) = cells(r, c)
                    otherCount = otherCount + 1
            End Select
            place = place + 1
        Next c
    Next r
    If main = vbString Then Packed = Join(texts, vbNullChar) Else Packed = numbers
    Packed = Array(UBound(cells, 2), Packed, FirstPlaces(blanks, blankCount), FirstPlaces(places, otherCount), others)
End Function

' Whether more cells hold text or numbers.
Private Function MainKind(cells As Variant) As Long
    Dim cell As Variant, surplus As Long
    For Each cell In cells
        Select Case KindOf(cell)
            Case vbString: surplus = surplus + 1
            Case vbDouble: surplus = surplus - 1
        End Select
    Next cell
    If surplus > 0 Then MainKind = vbString Else MainKind = vbDouble
End Function

' The type of a cell's value; empty text, which formulas leave, is a blank.
Private Function KindOf(cell As Variant) As Long
    KindOf = VarType(cell)
    If KindOf = vbString Then
        If Len(cell) = 0 Then KindOf = vbEmpty
    End If
End Function

Private Function FirstPlaces(places() As Long, ByVal count As Long) As Variant
    If count = 0 Then
        FirstPlaces = Array()
    Else
        ReDim Preserve places(0 To count - 1)
        FirstPlaces = places
    End If
End Function

' Whether a range goes on to the last row or column of its sheet, as A:A and 2:2 do.
Private Function ReachesTheEdge(ByVal area As Range) As Boolean
    ReachesTheEdge = area.Row + area.Rows.Count > area.Worksheet.Rows.Count _
        Or area.Column + area.Columns.Count > area.Worksheet.Columns.Count
End Function

' The part of a range up to the last cell that any sheet among the arguments uses, so that columns still pair up.
Private Function Clipped(ByVal area As Range, arguments As Variant) As Range
    Dim lastRow As Long, lastColumn As Long, argument As Variant
    For Each argument In arguments
        If IsObject(argument) Then
            With argument.Worksheet.UsedRange
                lastRow = Larger(lastRow, .Row + .Rows.Count - 1)
                lastColumn = Larger(lastColumn, .Column + .Columns.Count - 1)
            End With
        End If
    Next argument
    Set Clipped = area.Worksheet.Range(area.Cells(1, 1), area.Cells( _
        Larger(1, Smaller(area.Rows.Count, lastRow - area.Row + 1)), _
        Larger(1, Smaller(area.Columns.Count, lastColumn - area.Column + 1))))
End Function

Private Function Larger(ByVal a As Long, ByVal b As Long) As Long
    If a > b Then Larger = a Else Larger = b
End Function

Private Function Smaller(ByVal a As Long, ByVal b As Long) As Long
    If a < b Then Smaller = a Else Smaller = b
End Function

' An answer as the cell takes it: errors come as text behind a mark, one row comes without its second dimension.
Private Function Received(answer As Variant) As Variant
    Dim r As Long, c As Long
    If Not IsArray(answer) Then
        If VarType(answer) = vbString Then answer = ValueOrError(answer)
    ElseIf IsOneRow(answer) Then
        For c = LBound(answer) To UBound(answer)
            If VarType(answer(c)) = vbString Then answer(c) = ValueOrError(answer(c))
        Next c
    Else
        For r = LBound(answer, 1) To UBound(answer, 1)
            For c = LBound(answer, 2) To UBound(answer, 2)
                If VarType(answer(r, c)) = vbString Then answer(r, c) = ValueOrError(answer(r, c))
            Next c
        Next r
    End If
    Received = answer
End Function

Private Function IsOneRow(answer As Variant) As Boolean
    On Error GoTo oneDimension
    IsOneRow = UBound(answer, 2) < LBound(answer, 2)
    Exit Function
oneDimension:
    IsOneRow = True
End Function

Private Function ValueOrError(ByVal text As String) As Variant
    Dim mark As String
    mark = ChrW(&H2060)
    If Left$(text, 1) <> mark Then
        ValueOrError = text
    ElseIf Mid$(text, 2, 1) = mark Then
        ValueOrError = Mid$(text, 2)
    Else
        ValueOrError = CVErr(ErrorNumber(Mid$(text, 2)))
    End If
End Function

Private Function ErrorNumber(ByVal code As String) As Long
    Select Case code
        Case "#NULL!": ErrorNumber = xlErrNull
        Case "#DIV/0!": ErrorNumber = xlErrDiv0
        Case "#REF!": ErrorNumber = xlErrRef
        Case "#NAME?": ErrorNumber = xlErrName
        Case "#NUM!": ErrorNumber = xlErrNum
        Case "#N/A": ErrorNumber = xlErrNA
        Case "#GETTING_DATA": ErrorNumber = 2043
        Case "#SPILL!": ErrorNumber = 2045
        Case "#CONNECT!": ErrorNumber = 2046
        Case "#BLOCKED!": ErrorNumber = 2047
        Case "#UNKNOWN!": ErrorNumber = 2048
        Case "#FIELD!": ErrorNumber = 2049
        Case "#CALC!": ErrorNumber = 2050
        Case Else: ErrorNumber = xlErrValue
    End Select
End Function
