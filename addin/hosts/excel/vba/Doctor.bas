Attribute VB_Name = "Doctor"
Option Explicit
Option Private Module

' What is wrong on this machine and how to fix it; the first part works without Python.

Public Function Diagnosis() As String
    Dim interpreter As String, library As String
    Diagnosis = TITLE & " " & ADD_IN_VERSION & vbNewLine
    AddLine Diagnosis, "OK", "Excel " & Application.Version & ", " & Bits() & " bit, " & Application.OperatingSystem
    If Application.Calculation = xlCalculationManual Then
        AddLine Diagnosis, "warn", "Excel does not calculate by itself: Formulas, Calculation Options, Automatic"
    End If
#If Mac Then
    AddLine Diagnosis, "fail", "These functions need Excel on Windows; use LibreOffice on this machine"
#Else
    interpreter = GetConfig("INTERPRETER_WIN", "")
    library = "xlwings" & Bits() & "-" & XLWINGS_VERSION & ".dll"
    If Not FileExists(GetConfigFilePath()) Then
        AddLine Diagnosis, "fail", GetConfigFilePath() & " is missing; run: roc install excel"
    ElseIf Not FileExists(interpreter) Then
        AddLine Diagnosis, "fail", "There is no Python at '" & interpreter & "'; run: roc install excel"
    ElseIf Not FileExists(ParentFolder(interpreter) & "\" & library) _
        And Not FileExists(ParentFolder(ParentFolder(interpreter)) & "\" & library) Then
        AddLine Diagnosis, "fail", library & " is not beside Python; run: pip install xlwings==" & XLWINGS_VERSION
    Else
        AddLine Diagnosis, "OK", "Python: " & interpreter
        AddPythonsOwn Diagnosis
    End If
#End If
End Function

Private Sub AddLine(ByRef report As String, ByVal level As String, ByVal text As String)
    report = report & vbNewLine & level & ": " & text
End Sub

Private Sub AddPythonsOwn(ByRef report As String)
    Dim answer As Variant
    On Error GoTo silent
    Reconnect
    answer = Called(FUNCTIONS_MODULE, "NPS", Array(10, Empty))
    AddLine report, "OK", "Python answers: NPS(10) is " & answer
    report = report & vbNewLine & Called(RIBBON_MODULE, "diagnosis", Array(ADD_IN_VERSION))
    Exit Sub
silent:
    AddLine report, "fail", Err.Description
End Sub

Private Function Bits() As String
#If Win64 Then
    Bits = "64"
#Else
    Bits = "32"
#End If
End Function
