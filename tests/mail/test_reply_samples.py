"""Answers as many mail programs write them: what a careful reader would keep of each, and what nobody may cut.

The samples are texts in which a line of three waves begins and ends what goes. `␠` stands for a blank at the end of a line.
"""

from __future__ import annotations

import pytest

from gateway.mail.html import to_text
from gateway.mail.trim import trim

QUOTATION = "Goedendag Jess,\n\nStart de printer opnieuw.\n\nDe helpdesk"

ATTRIBUTIONS = """\
On Tue, 24 Nov 2026 at 10:12, Desk <desk@example.org> wrote:
On Tue, 24 Nov 2026, 10:12 Desk, <desk@example.org> wrote:
On Tue, Nov 24, 2026 at 10:12\u202fAM Desk of the Town via Tickets <|desk@example.org> wrote:
On 24. Nov 2026, at 10:12, Desk <desk@example.org <mailto:desk@example.org>> wrote:
On 24 Nov 2026, at 10:12, Desk [mailto:desk@example.org] wrote:
On 2026-11-24 10:12, Desk wrote:
On 2026-11-24 10:12, desk@example.org wrote:
On 2026-11-24T10:12:33+0100, Desk wrote:
On Tuesday, November 24, 2026 10:12 AM, Desk wrote:
On Tuesday, 24 November 2026 at 10:12:45 CET, Desk <desk@example.org> wrote:
On Tue, Nov 24, 2026 at 10:12:33AM +0100, Desk wrote:
On Tue Nov 24, 2026 at 10:12 AM CET, Desk wrote:
On Tue, 2026-11-24 at 10:12 +0100, Desk wrote:
On 11/24/26 10:12, Desk wrote:
On 24.11.26 10:12, Desk via Tickets wrote:
On Nov 24, 2026, at 10:12 AM, Desk <desk@example.org> wrote:
On Nov 24 2026, at 10:12 am, Desk <desk@example.org> wrote:
On Tue, Nov 24, 2026 at 10:12 AM, Desk <desk@example.org> wrote:
On November 24, 2026 at 10:12:33, Desk (desk@example.org) wrote:
On 24 November 2026 at 10:12:33 AM, Desk (desk@example.org(mailto:desk@example.org)) wrote:
On November 24, 2026 10:12:33 AM GMT+01:00, Desk <desk@example.org> wrote:
On Tue, Nov 24, 2026 at 10:12 AM, "Desk" <desk@example.org> wrote:
---- On Tue, 24 Nov 2026 10:12:33 +0100 desk@example.org wrote ----
---- Desk <desk@example.org> wrote ----
---- Desk wrote ----
-------- On Tue, 24 Nov 2026 10:12:33 Desk <desk@example.org> wrote:
Desk <desk@example.org> wrote on 11/24/2026 10:12:33 AM:
Desk <desk@example.org> wrote (24 Nov 2026 10:12):
Desk (desk@example.org) wrote on 24 November 2026 at 10:12:
In a message dated 11/24/2026 10:12:33 AM Romance Standard Time, desk@example.org writes:
Hello Jess, on Tuesday, November 24, 2026, 10:12:33 AM, you wrote:
At 10:12 24/11/2026, Desk wrote:
At 2026-11-24 10:12:33, "Desk" <desk@example.org> wrote:
Quoting Desk <desk@example.org>:
Quoting "Desk" <desk@example.org>:
Le mar. 24 nov. 2026, 10:12, Desk <desk@example.org> a écrit :
Le mar. 24 nov. 2026 à 10:12, Desk via Commune de l’Exemple <|desk@example.org> a écrit :
Le mardi 24 novembre 2026, 10:12:33 CET Desk a écrit :
Le mardi 24 novembre 2026 à 10:12 +0100, Desk a écrit :
Le 2026-11-24 10:12, Desk a écrit :
Le 2026-11-24 10:12, desk@example.org a écrit :
Le 24 novembre 2026 10:12:33 GMT+01:00, Desk <desk@example.org> a écrit :
Le 24 nov. 2026 à 10:12, Desk <desk@example.org <mailto:desk@example.org>> a écrit :
Le mar., nov. 24, 2026 à 10:12, Desk <desk@example.org> a écrit :
Le 24/11/2026 10:12, « Desk » <desk@example.org> a écrit :
Le mar. 24 nov. 2026 à 10h12, Desk <desk@example.org> a écrit:
En date de : Mar 24.11.26, Desk <desk@example.org> a écrit :
Desk <desk@example.org> a écrit le 24/11/2026 10:12:33 :
Desk <desk@example.org> a écrit :
Citation de Desk <desk@example.org>:
Op di 24 nov. 2026 10:12 schreef Desk <desk@example.org>:
Op di 24 nov 2026 om 10:12 schreef Desk <|desk@example.org>:
Op 24 nov. 2026 om 10:12 heeft Desk <desk@example.org> het volgende geschreven:
Op 24 nov 2026 om 10:12 schreef Desk <desk@example.org>:
Op 24-11-26 om 10:12 schreef Desk via Tickets:
Op dinsdag 24 november 2026 10:12:33 schreef Desk:
Op di, 24 nov 2026 om 10:12 schreef Desk <desk@example.org>:
Op 24 november 2026 10:12:33 CET schreef Desk <desk@example.org>:
Op dinsdag 24 november 2026 om 10:12:33 CET heeft Desk <desk@example.org> het volgende geschreven:
Desk <desk@example.org> schreef op 24 november 2026 10:12:
desk@example.org schreef op 24-11-2026 10:12:
Desk <desk@example.org> schreef op di 24 nov 2026 om 10:12:
Citeren Desk <desk@example.org>:
Am Di., 24. Nov. 2026 um 10:12 Uhr schrieb Desk <|desk@example.org>:
Am 24.11.26 um 10:12 schrieb desk@example.org:
Am 24.11.2026 um 10:12 schrieb Desk <desk@example.org <mailto:desk@example.org>>:
Am 24. November 2026 10:12:33 MEZ schrieb Desk <desk@example.org>:
Am Dienstag, 24. November 2026, 10:12:33 CET schrieb Desk:
Am Dienstag, 24. November 2026 um 10:12 schrieb Desk <desk@example.org>:
Am Dienstag, dem 24.11.2026 um 10:12 +0100 schrieb Desk:
Am 2026-11-24 10:12, schrieb Desk:
Am 24.11.2026 10:12, schrieb Desk:
Desk schrieb am 24.11.2026 um 10:12:
Desk <desk@example.org> hat am 24.11.2026 10:12 CET geschrieben:
Desk <desk@example.org> hat am 24. November 2026 um 10:12 geschrieben:
Auf 24.11.2026 10:12:33, Desk <desk@example.org> schrieb:
El mar, 24 nov 2026 a las 10:12, Desk (<|desk@example.org>) escribió:
El 24 nov 2026, a las 10:12, Desk <desk@example.org> escribió:
El 24/11/26 a las 10:12, Desk escribió:
El 2026-11-24 10:12, Desk escribió:
El martes, 24 de noviembre de 2026, 10:12:33 CET, Desk <desk@example.org> escribió:
Il giorno mar 24 nov 2026 alle 10:12 Desk <|desk@example.org> ha scritto:
Il 24/11/2026 10:12, Desk ha scritto:
Il giorno 24 nov 2026, alle ore 10:12, Desk <desk@example.org> ha scritto:
Il martedì 24 novembre 2026 alle ore 10:12:33 CET, Desk <desk@example.org> ha scritto:
Em ter, 24 de nov de 2026 10:12, Desk <desk@example.org> escreveu:
Em 24/11/2026 10:12, Desk escreveu:
No dia 24/11/2026, às 10:12, Desk <desk@example.org> escreveu:
A terça, 24 de nov. de 2026, 10:12, Desk <desk@example.org> escreveu:
W dniu wt., 24.11.2026 o 10:12 Desk <desk@example.org> napisał(a):
Dnia 24 listopada 2026 10:12 Desk <desk@example.org> napisał(a):
Desk <desk@example.org> napisał(a) 24.11.2026 10:12:
Den 24 nov. 2026 kl. 10:12 skrev Desk <desk@example.org>:
24 nov. 2026 kl. 10:12 skrev Desk <desk@example.org>:
Den 2026-11-24 kl. 10:12, skrev Desk:
Den tirs. 24. nov. 2026 kl. 10.12 skrev Desk <desk@example.org>:
Den 24/11/2026 kl. 10.12 skrev Desk:
På tirsdag 24. november 2026 kl. 10:12:33, skrev Desk <desk@example.org>:
24. nov. 2026 kl. 10:12 skrev Desk <desk@example.org>:
Desk <desk@example.org> kirjoitti 24.11.2026 kello 10.12:
Desk kirjoitti 24.11.2026 klo 10:12:
ti 24.11.2026 klo 10.12 Desk <desk@example.org> kirjoitti:
Dne 24. 11. 2026 v 10:12 Desk napsal(a):
24. 11. 2026 v 10:12, Desk <desk@example.org>:
Dne út 24. 11. 2026 10:12 uživatel Desk <desk@example.org> napsal:
ut 24. 11. 2026 o 10:12 Desk <desk@example.org> napísal(a):
24 нояб. 2026 г., в 10:12, Desk <desk@example.org> написал(а):
Вторник, 24 ноября 2026, 10:12 +03:00 от Desk <desk@example.org>:
24.11.2026, 10:12, "Desk" <desk@example.org>:
вт, 24 лист. 2026 р. о 10:12 Desk <desk@example.org> пише:
În mar., 24 nov. 2026 la 10:12, Desk <desk@example.org> a scris:
Desk <desk@example.org> ezt írta (időpont: 2026. nov. 24., K, 10:12):
24 Kas 2026 Sal 10:12 tarihinde Desk <desk@example.org> şunu yazdı:
Στις Τρί 24 Νοε 2026 στις 10:12 π.μ., ο/η Desk|<desk@example.org> έγραψε:
El dt., 24 nov. 2026 a les 10:12, Desk (<desk@example.org>) va escriure:
Vào Th 3, 24 thg 11, 2026 vào lúc 10:12 Desk <desk@example.org> đã viết:
Pada tanggal Sel, 24 Nov 2026 pukul 10.12 Desk <desk@example.org> menulis:
‫בתאריך יום ג׳, 24 בנוב׳ 2026 ב-10:12 מאת ‪Desk‬‏ <‪desk@example.org‬‏>:‬
في الثلاثاء، 24 نوفمبر 2026 في 10:12 ص تمت كتابة ما يلي بواسطة Desk <desk@example.org>:
2026/11/24 10:12、Desk <desk@example.org>のメール:
2026年11月24日 10:12、Desk <desk@example.org>のメール:
在 2026年11月24日，10:12，Desk <desk@example.org> 写道：
在 2026-11-24 10:12:33，"Desk" <desk@example.org> 写道：
Desk <desk@example.org> 於 2026年11月24日 週二 上午10:12寫道：
2026. 11. 24. 오전 10:12, Desk <desk@example.org> 작성:
""".splitlines()
"""`|` is a line break."""

HEADER_BLOCKS = """\
From: Desk <desk@example.org>|Sent: 24 November 2026 10:12|To: Jess Martin <jess@example.org>|Subject: RE: Printer
From: desk@example.org <desk@example.org>|Date: Tuesday, 24 November 2026 at 10:12|To: Jess <jess@example.org>|Subject: Printer
From: Desk <desk@example.org>|Reply-To: Desk <desk@example.org>|Date: Tuesday, November 24, 2026 at 10:12 AM|To: Jess|Subject: x
*From: *Desk <desk@example.org>|*Date: *Tuesday, 24 November 2026 at 10:12|*To: *Jess|*Subject: *Printer
**From:** Desk <desk@example.org>|**Sent:** Tuesday, November 24, 2026 10:12 AM|**To:** Jess|**Subject:** Printer
From:Desk [mailto:desk@example.org]|Sent:Tuesday, 24 November, 2026 10:12|To:Jess|Subject:Printer
From:\tDesk|Sent:\tTuesday, 24 November 2026 10:12|To:\tJess|Subject:\tPrinter
Från: Desk <desk@example.org>|Datum: tisdag, 24 november 2026 10:12|Till: Jess <jess@example.org>|Ämne: Skrivare
Fra: Desk <desk@example.org>|Sendt: 24. november 2026 10:12|Til: Jess <jess@example.org>|Emne: Printer
Fra: Desk <desk@example.org>|Dato: tirsdag den 24. november 2026 kl. 10.12|Til: Jess|Emne: Printer
Lähettäjä: Desk <desk@example.org>|Lähetetty: tiistai 24. marraskuuta 2026 10.12|Vastaanottaja: Jess|Aihe: Tulostin
Lähettäjä: Desk <desk@example.org>|Päivämäärä: tiistai 24. marraskuuta 2026 klo 10.12|Vastaanottaja: Jess|Aihe: Tulostin
Od: Desk <desk@example.org>|Odesláno: úterý 24. listopadu 2026 10:12|Komu: Jess <jess@example.org>|Předmět: Tiskárna
Od: Desk <desk@example.org>|Odoslané: utorok 24. novembra 2026 10:12|Komu: Jess|Predmet: Tlačiareň
Od: Desk <desk@example.org>|Data: wtorek, 24 listopada 2026 10:12|Do: Jess <jess@example.org>|DW: Rada|Temat: Drukarka
De: Desk <desk@example.org>|Enviada em: terça-feira, 24 de novembro de 2026 10:12|Para: Jess|Assunto: Impressora
De: Desk <desk@example.org>|Data: terça-feira, 24 de novembro de 2026 às 10:12|Para: Jess|Assunto: Impressora
De: Desk <desk@example.org>|Fecha: martes, 24 de noviembre de 2026, 10:12|Para: Jess <jess@example.org>|Asunto: Impresora
Da: Desk <desk@example.org>|Data: martedì 24 novembre 2026 10:12|A: Jess <jess@example.org>|Cc: Giunta|Oggetto: Stampante
De : Desk <desk@example.org>|Date : mardi, 24 novembre 2026 à 10:12|À : Jess <jess@example.org>|Objet : Imprimante
De : Desk <desk@example.org> |Envoyé : mardi 24 novembre 2026 10:12|À : Jess|Cc : Conseil|Objet : RE: Imprimante|Importance : Haute
De: "Desk" <desk@example.org>|À: "Jess" <jess@example.org>|Envoyé: Mardi 24 Novembre 2026 10:12:33|Objet: Imprimante
De : Desk (par Internet) <desk@example.org>|À : Jess|Date : 24/11/2026 10:12|Objet : Imprimante
De:        Desk/COMMUNE|A:        jess@example.org|Date:        24/11/2026 10:12|Objet:        Imprimante
From:        "Desk" <desk@example.org>|To:        jess@example.org,|Date:        24/11/2026 10:12|Subject:        Printer
Von:    Desk <desk@example.org>|An:     jess@example.org|Datum:  24.11.2026 10:12|Betreff:        Drucker
Van: Desk <desk@example.org>|Datum: dinsdag, 24 november 2026 om 10:12|Aan: Jess <jess@example.org>|Onderwerp: Printer
Van: "Desk" <desk@example.org>|Aan: "Jess" <jess@example.org>|Verzonden: Dinsdag 24 november 2026 10:12:33|Onderwerp: Printer
Van: Desk [mailto:desk@example.org]|Verzonden: dinsdag 24 november 2026 10:12|Aan: Jess|Urgentie: Hoog|Onderwerp: Printer
Von: Desk <desk@example.org>|Datum: Dienstag, 24. November 2026 um 10:12|An: Jess <jess@example.org>|Cc: Rat|Betreff: Drucker
Von: Desk <desk@example.org>|Gesendet: Dienstag, 24. November 2026 10:12|An: Jess|Betreff: AW: Drucker|Priorität: Hoch
Gesendet: Dienstag, den 24.11.2026 um 10:12 Uhr|Von: "Desk" <desk@example.org>|An: Jess|Betreff: Drucker
Sent: Tuesday, November 24, 2026 at 10:12 AM|From: "Desk" <desk@example.org>|To: Jess|Subject: Printer
Envoyé: mardi 24 novembre 2026 à 10:12|De: "Desk" <desk@example.org>|À: Jess|Objet: Imprimante
Feladó: Desk <desk@example.org>|Elküldve: 2026. november 24., kedd 10:12|Címzett: Jess|Tárgy: Nyomtató
De la: Desk <desk@example.org>|Trimis: marți, 24 noiembrie 2026 10:12|Către: Jess|Subiect: Imprimantă
Gönderen: Desk <desk@example.org>|Gönderildi: 24 Kasım 2026 Salı 10:12|Kime: Jess|Konu: Yazıcı
Από: Desk <desk@example.org>|Εστάλη: Τρίτη, 24 Νοεμβρίου 2026 10:12|Προς: Jess|Θέμα: Εκτυπωτής
От: Desk <desk@example.org>|Отправлено: вторник, 24 ноября 2026 г. 10:12|Кому: Jess|Тема: Принтер
Від: Desk <desk@example.org>|Надіслано: вівторок, 24 листопада 2026 р. 10:12|Кому: Jess|Тема: Принтер
差出人: Desk <desk@example.org>|送信日時: 2026年11月24日 10:12|宛先: Jess <jess@example.org>|件名: プリンター
寄件者: Desk <desk@example.org>|寄件日期: 2026年11月24日 上午 10:12|收件者: Jess|主旨: 印表機
发件人: "Desk" <desk@example.org>;|发送时间: 2026年11月24日(星期二) 上午10:12|收件人: "Jess"<jess@example.org>;|主题: 打印机
보낸 사람: Desk <desk@example.org>|보낸 날짜: 2026년 11월 24일 화요일 오전 10:12|받는 사람: Jess|제목: 프린터
Pošiljatelj: Desk <desk@example.org>|Poslano: utorak, 24. studenoga 2026. 10:12|Prima: Jess|Predmet: Pisač
----- Original Message -----|From: "Desk" <desk@example.org>|To: <jess@example.org>|Sent: Tuesday, November 24, 2026 10:12 AM
----- Mail original -----|De: "Desk" <desk@example.org>|À: "Jess" <jess@example.org>|Envoyé: Mardi 24 Novembre 2026 10:12:33|Objet: x
-------- Oorspronkelijk bericht --------|Van: Desk <desk@example.org>|Datum: 24-11-2026 10:12 (GMT+01:00)|Aan: Jess|Onderwerp: Printer
-------- Message d'origine --------|De : Desk <desk@example.org>|Date : 24/11/2026 10:12 (GMT+01:00)|À : jess@example.org|Objet : x
-------- Ursprüngliche Nachricht --------|Von: Desk <desk@example.org>|Datum: 24.11.26 10:12 (GMT+01:00)|An: jess@example.org|Betreff: x
-------- Original message --------|From: Desk <desk@example.org>|Date: 24/11/2026 10:12 (GMT+01:00)|To: jess@example.org|Subject: x
------ Original Message ------|From: "Desk" <desk@example.org>|To: "Jess" <jess@example.org>|Sent: 24/11/2026 10:12:33|Subject: x
------ Message d'origine ------|De "Desk" <desk@example.org>|À "Jess" <jess@example.org>|Date 24/11/2026 10:12:33|Objet Imprimante
------ Original Message ------|From "Desk" <desk@example.org>|To "Jess" <jess@example.org>|Date 24/11/2026 10:12:33|Subject Printer
------------------ Original ------------------|From:  "Desk"<desk@example.org>;|Date:  Tue, Nov 24, 2026 10:12 AM|To:  "Jess";
------------------ 原始邮件 ------------------|发件人: "Desk"<desk@example.org>;|发送时间: 2026年11月24日 10:12|主题: x
---------- Mensaje original ----------|De: Desk <desk@example.org>|Fecha: 24/11/26 10:12 (GMT+01:00)|Para: jess@example.org|Asunto: x
-------- Messaggio originale --------|Da: Desk <desk@example.org>|Data: 24/11/26 10:12 (GMT+01:00)|A: jess@example.org|Oggetto: x
> Message du 24/11/26 10:12|> De : "Desk" <desk@example.org>|> A : jess@example.org|> Copie à :|> Objet : Imprimante|>
========================================|Message du 24/11/26 à 10:12|De : "Desk" <desk@example.org>|A : jess@example.org|Objet : x
________________________________|Van: Desk <desk@example.org>|Verzonden: dinsdag 24 november 2026 10:12|Aan: Jess|Onderwerp: Printer
""".splitlines()

PROGRAM_LINES = """\
Sent from my iPad
Sent from my Samsung Galaxy smartphone.
Sent from my Galaxy
Sent from my Huawei phone
Sent from my T-Mobile 4G LTE Device
Sent from my BlackBerry 10 smartphone.
Sent from my Windows Phone
Sent from Outlook for Android
Sent from Outlook for iOS
Sent from Outlook
Sent from Mail for Windows
Sent from Samsung Mobile
Sent from Nine
Sent from Front
Sent from Gmail Mobile
Sent from AOL Mobile Mail
Sent from ProtonMail for iOS
Sent from Proton Mail for Android.
Sent with Spark
Sent from Mailbird
Sent via Superhuman ( https://sprh.example.org/?vip=jess@example.org )
Sent with Tutanota, enjoy secure & ad-free emails.
Sent from a mobile device - please excuse brevity
Sent with BlackBerry Work (www.example.org)
Sent from Yahoo Mail for iPhone
Sent from my mobile phone. Excuse typos.
Get Outlook for Android<https://aka.example.org/AAb9ysg>
Get Outlook for Mac
Get BlueMail for Android
Envoyé de mon iPad
Envoyé de mon appareil mobile
Envoyé depuis mon smartphone Samsung Galaxy.
Envoyé depuis mon appareil Galaxy
Envoyé depuis mon mobile
Envoyé depuis mon mobile Orange
Envoyé de mon Galaxy S21 5G Orange
Envoyé depuis l'application Mail Orange
Envoyé à partir de mon téléphone Huawei
Envoyé à partir d'Outlook pour Android
Envoyé à partir de Courrier pour Windows
Envoyé depuis Yahoo Mail pour Android
Envoyé avec Proton Mail, messagerie sécurisée.
Envoyé de mon appareil Android avec K-9 Mail. Veuillez excuser ma brièveté.
Obtenez Outlook pour iOS<https://aka.example.org/o0ukef>
Obtenir Outlook pour Android
Télécharger Outlook pour Mac
Provenance : Courrier pour Windows
Verstuurd vanaf mijn iPhone
Verstuurd vanaf mijn Samsung Galaxy-smartphone.
Verzonden vanaf mijn Galaxy
Verzonden vanuit Outlook voor Android
Verzonden vanaf Outlook voor iOS
Verzonden vanuit Mail voor Windows
Verzonden met BlackBerry Work
Verzonden via Yahoo Mail op Android
Verzonden vanaf mijn Android apparaat met K-9 Mail. Excuseer mijn beknoptheid.
Outlook voor Android downloaden
Download Outlook voor iOS
Von meinem iPad gesendet
Von meinem Samsung Galaxy Smartphone gesendet.
Von meinem Huawei-Mobiltelefon gesendet
Gesendet von meinem Galaxy
Gesendet von Mail für Windows
Gesendet von Yahoo Mail auf Android
Gesendet mit der GMX Mail App
Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.
Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet. Bitte entschuldigen Sie meine Kürze.
Outlook für Android herunterladen
Holen Sie sich Outlook für iOS
Gesendet mit Telekom Mail - kostenlos und sicher für alle!
Enviado desde mi smartphone Samsung Galaxy.
Enviado desde Outlook para Android
Obtener Outlook para iOS
Enviado do meu iPhone
Enviado a partir do meu smartphone Samsung Galaxy.
Obter o Outlook para Android
Inviato dal mio iPhone
Inviato dal mio smartphone Samsung Galaxy.
Inviato da Outlook per iOS
Ottieni Outlook per Android
Wysłane z mojego iPhone'a
Wysłane z telefonu Samsung Galaxy
Pobierz aplikację Outlook dla systemu Android
Skickat från min Samsung Galaxy smartphone.
Skickat från Outlook för Android
Skaffa Outlook för iOS
Sendt fra min iPhone
Sendt fra Outlook til Android
Hent Outlook til iOS
Last ned Outlook for iOS
Lähetetty iPhonesta
Lähetetty laitteestani
Hanki Outlook for Android
Odesláno z iPhonu
Odesláno z mého telefonu Samsung Galaxy
Získat Outlook pro Android
Stáhněte si Outlook pro iOS
Отправлено с моего iPhone
Отправлено из Mail.ru для Android
Отправлено из мобильной Почты
Надіслано з iPhone
iPhoneから送信
Androidデバイスから送信されました
发自我的iPhone
发自我的小米手机
从我的iPhone发送
나의 iPhone에서 보냄
iPhone'umdan gönderildi
Küldve az iPhone-omról
Trimis de pe iPhone-ul meu
Enviat des del meu iPhone
Poslano z mojega iPhona
""".splitlines()

DESK_MARKERS = """\
##- Please type your reply above this line -##
## - Please reply above this line - ##
##- Veuillez répondre au-dessus de cette ligne -##
##- Merci de saisir votre réponse au-dessus de cette ligne -##
##- Typ uw antwoord boven deze regel -##
##- Plaats uw antwoord boven deze lijn -##
##- Bitte geben Sie Ihre Antwort über dieser Zeile ein -##
##- Bitte antworten Sie oberhalb dieser Zeile -##
##- Escriba su respuesta por encima de esta línea -##
##- Inserire la risposta sopra questa riga -##
##- Digite sua resposta acima desta linha -##
##- Wpisz odpowiedź powyżej tej linii -##
##- Skriv ditt svar ovanför den här raden -##
##- Skriv dit svar over denne linje -##
##- Skriv svaret ditt over denne linjen -##
##- Kirjoita vastauksesi tämän rivin yläpuolelle -##
##- Napište odpověď nad tento řádek -##
##- この行の上に返信を入力してください -##
---- Reply above this line to respond ----
--- Please reply ABOVE this line ---
-=-=-=-= Please reply above this line =-=-=-=-
*** Reply above this line ***
[ Please reply above this line ]
_____ REPLY ABOVE THIS LINE _____
-- reply above this line --
---------- Répondez au-dessus de cette ligne ----------
--------- Antwort oberhalb dieser Linie eingeben ---------
""".splitlines()


def pieces(block: str) -> dict[str, tuple[str, str]]:
    """Each sample of a block by its name: its text, and what is to be kept of it."""
    out: dict[str, tuple[str, str]] = {}
    for sample in block.strip("\n").split("=== ")[1:]:
        name, _, body = sample.replace("␠", " ").partition("\n")
        parts = body.strip("\n").split("~~~\n")
        out[name] = ("".join(parts), "".join(parts[::2]))
    return out


def squeezed(text: str) -> str:
    """The words of a text, line by line, without its empty lines."""
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())


TRIMMED = pieces(
    """\
=== gmail signature between answer and attribution
Hi,

It works again, thank you!
~~~

--␠
Jess Martin
Library of Example

On Tue, 24 Nov 2026 at 10:12, Desk <desk@example.org> wrote:

> Please restart it.
>
=== outlook desktop, card of the writer above the block
Dag,

Het probleem is opgelost.
~~~

Met vriendelijke groeten,

Jess Martin
Bibliotheek | Stad Voorbeeld
T +32 2 000 00 00
www.example.be

Van: Desk <desk@example.org>
Verzonden: dinsdag 24 november 2026 10:12
Aan: Jess Martin <jess@example.org>
Onderwerp: RE: Printer

Goedendag,

Start hem opnieuw.
=== outlook mobile
Ça marche, merci.
~~~

Télécharger Outlook pour iOS<https://aka.example.org/o0ukef>
________________________________
De : Desk <desk@example.org>
Envoyé : Tuesday, November 24, 2026 10:12:33 AM
À : Jess Martin <jess@example.org>
Objet : Imprimante

Bonjour,
Relancez-la.
=== samsung
Ok dank u
~~~


Verstuurd vanaf mijn Galaxy


-------- Oorspronkelijk bericht --------
Van: Desk <desk@example.org>
Datum: 24-11-2026 10:12 (GMT+01:00)
Aan: jess@example.org
Onderwerp: Printer

Start hem opnieuw.
=== inline answers keep what they answer
~~~
On 24/11/2026 10:12, Desk wrote:
~~~
> Which printer is it?
The one in room 4.

> Which colour is its light?
Red.
~~~

--␠
Jess
=== inline answers in french, rest of the quotation below
~~~
Le 24/11/2026 à 10:12, Desk a écrit :
~~~
> Quelle imprimante ?

Celle du secrétariat.

> Depuis quand ?

Depuis hier.
~~~

> Cordialement,
> Desk
=== answer below the whole quotation
~~~
On Tue, Nov 24, 2026 at 10:12:33AM +0100, Desk wrote:
~~~
> Did you restart it?

I did, twice.
~~~

--␠
Jess
=== pipes as marks of quoting
Works now.
~~~

Desk wrote on 24/11/2026 10:12:
| Please restart the printer.
| And tell us.
=== braces of a newsreader
Works now.
~~~

On 24/11/2026 10:12, Desk wrote:
} Please restart the printer.
=== deep marks
Agreed.
~~~

On 24/11/2026 10:12, Desk <desk@example.org> wrote:
>>> First?
>> Second.
> Third.
=== lotus notes arrows
Closed, thanks.
~~~

>>> "Desk" <desk@example.org> 24.11.2026 10:12 >>>
Please restart it.
=== notes in french
Bien reçu, c'est en ordre.
~~~


De :    Desk/COMMUNE
A :     jess@example.org
Date :  24/11/2026 10:12
Objet : Imprimante



Bonjour,

Relancez-la.
=== zimbra
C'est réglé, merci.
~~~

----- Mail original -----
De: "Desk" <desk@example.org>
À: "Jess" <jess@example.org>
Envoyé: Mardi 24 Novembre 2026 10:12:33
Objet: Imprimante

Relancez-la.
=== banner of the writer's company above the quotation
The file is attached.
~~~

From: Desk <desk@example.org>
Sent: Tuesday, November 24, 2026 10:12 AM
To: Jess Martin
Subject: File

CAUTION: This email originated from outside of the organization. Do not click links.

Please send the file.
=== belgian disclaimer in three languages
Hierbij het formulier.
~~~

________________________________

Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde. Disclaimer: www.example.be/disclaimer
Ce message est confidentiel et exclusivement destiné à son destinataire.
This message is confidential and intended only for the addressee.
=== french disclaimer
Ci-joint le document demandé.
~~~

Ce message et toutes les pièces jointes sont confidentiels et établis à l'intention exclusive de ses destinataires. Toute utilisation ou
diffusion non autorisée est interdite. Si vous avez reçu ce message par erreur, merci d'en avertir immédiatement l'expéditeur.
=== german disclaimer
Anbei das Formular.
~~~

Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind oder diese E-Mail irrtümlich erhalten haben,
informieren Sie bitte sofort den Absender und vernichten Sie diese Mail. Die unbefugte Weitergabe ist nicht gestattet.
=== dutch disclaimer
In bijlage het formulier.
~~~

De informatie in deze e-mail is vertrouwelijk en uitsluitend bestemd voor de geadresseerde. Als u dit bericht per vergissing hebt
ontvangen, gelieve de afzender te verwittigen en het bericht te vernietigen.
=== please consider the environment
Done.
~~~

P Please consider the environment before printing this e-mail.
=== pensez a l'environnement
C'est fait.
~~~

Pensez à l'environnement avant d'imprimer ce message.
=== denk aan het milieu
Het is gebeurd.
~~~

Denk aan het milieu voordat u dit bericht print.
=== virus free
Done, thank you.
~~~

Virus-free. www.avast.com
=== sans virus
C'est bon.
~~~

Garanti sans virus. www.avast.com<https://www.avast.example/sig-email>
=== virus free with a rule
Erledigt.
~~~

--
Diese E-Mail wurde von Avast-Antivirussoftware auf Viren geprüft.
www.avast.example
=== closing in german
Hallo,

es geht wieder.
~~~

Mit freundlichen Grüßen

Jess Martin
Stadtbibliothek
Tel.: +32 87 00 00 00
=== closing in english with a job
It is fixed.
~~~

Kind regards,

Jess Martin
Head Librarian
=== closing with a comma and a first name, and the program's line
C'est parfait.
~~~

Bien à vous,
Jess

Envoyé de mon iPhone
=== yahoo with nested quotation
Ok.
~~~

    On Tuesday, November 24, 2026 at 10:12:33 AM GMT+1, Desk <desk@example.org> wrote:␠␠
␠
 Please restart it.

On 23/11/2026 the citizen said that it is broken.
=== mailing list footer below the quotation
Yes.
~~~

On 24/11/2026 10:12, Desk wrote:
> Is it?

_______________________________________________
desk mailing list
desk@lists.example.org
https://lists.example.org/desk
=== the bat
Works.
~~~

--␠
Best regards,
 Jess                            mailto:jess@example.org
=== attribution and marker of a desk
Voilà ma réponse.
~~~

Le mar. 24 nov. 2026 à 10:12, Desk <desk@example.org> a écrit :

> ##- Veuillez répondre au-dessus de cette ligne -##
>
> Relancez-la.
=== a desk's marker below an attribution, without marks of quoting
My answer.
~~~

On Tue, Nov 24, 2026 at 10:12 AM Desk <desk@example.org> wrote:

##- Please type your reply above this line -##

Hello, please restart it.
=== mutt with a star
Works.
~~~

* Desk <desk@example.org> [2026-11-24 10:12]:
> Please restart it.
=== the bat in german
Läuft.
~~~

Hallo Jess,

am Dienstag, 24. November 2026 um 10:12 schrieben Sie:
> Bitte neu starten.
=== the bat in french
Ça marche.
~~~

Le mardi 24 novembre 2026 à 10:12:33, vous écriviez :
> Relancez-la.
=== la poste marks the headers only
C'est réglé, merci.
~~~

> Message du 24/11/26 10:12
> De : "Desk" <desk@example.org>
> A : jess@example.org
> Copie à :
> Objet : Imprimante
>

Relancez-la.
=== marker of a desk that stands below a rule
It works, thank you.
~~~

—-—-—-—
Reply above this line.

Desk commented: please restart it.
=== a quotation with a date in words above it
Dat klopt.
~~~

Op dinsdag 24 november schreef Desk <desk@example.org>:

> Klopt dit?
=== protonmail
C'est noté.
~~~

Envoyé avec la messagerie sécurisée Proton Mail.

Le mardi 24 novembre 2026 à 10:12, Desk <desk@example.org> a écrit :

> Relancez-la.
=== protonmail in english
Noted.
~~~

Sent with Proton Mail secure email.

------- Original Message -------
On Tuesday, November 24th, 2026 at 10:12, Desk <desk@example.org> wrote:


> Please restart it.
=== tutanota
Alles klar.
~~~


24.11.2026, 10:12 von desk@example.org:

> Bitte neu starten.
=== tutanota in english
All right.
~~~

Nov 24, 2026, 10:12 by desk@example.org:

> Please restart it.
=== hey
All right.
~~~

On November 24, 2026, Desk <desk@example.org> wrote:
Please restart it.
=== front
Done on our side.
~~~
--␠
Jess Martin

On November 24, 2026 at 10:12 AM GMT+1 desk@example.org wrote:

Please restart it.
=== signature in stars below a rule
Gelukt!
~~~

--␠
*Jess Martin*
*Stad Voorbeeld*
[image: logo]
=== a reply that quotes a forward
Seen, thanks.
~~~

On 24/11/2026 10:12, Desk wrote:
>
> ---------- Forwarded message ---------
> From: Ann Citizen <ann@example.org>
>
> It leaks.
=== thanks above a sent-from line
Merci beaucoup !
~~~

Envoyé depuis l’application Mail Orange
"""
)

WHOLE = pieces(
    """\
=== a quoted sentence in the middle
You told me:

> restart the printer

and I did, but it still prints in pink.
=== from and to of a journey
My journey:
From: Namur
To: Ghent
Date: 24/11/2026 10:12

I need a refund.
=== on monday i wrote
On Monday I wrote:
the printer is broken.
Nobody came.
=== le lundi j'ai écrit
Le 12 novembre, je vous ai écrit : la lampe de la rue est cassée.
Elle l'est toujours.
=== a log with dashes
It says:

2026-11-24 10:12:33 ERROR spooler
--------------------------------
2026-11-24 10:12:34 ERROR giving up
--------------------------------

What is it?
=== markdown
# What happened
- printed a page
- paper jam

## What I tried
1. restart
2. *nothing*

---

Any idea?
=== options on a command line
I ran:

git log --oneline --graph
-- nothing came --
rm -rf build

and it failed.
=== sql comment
The script:

SELECT 1;
-- now the second part
SELECT 2;

Is that right?
=== poem
The lamp is out,
the street is dark,
who will come
and light a spark?
=== table of labels
Name: Jess Martin
Street: Long Street 4
Date: 24/11/2026
Subject: building permit
Remarks: none
=== a form mail
Nom : Martin
Prénom : Jess
De : 10/11/2026
À : 12/11/2026
Objet : demande de congé
Message : je voudrais une place.
=== invoice
Invoice 2026-114
Date: 24/11/2026
To: Town of Example
--------------------------
Paper        10.00
Ink          20.00
--------------------------
Total        30.00

The total is wrong by one euro.
=== a phone number to call
Please call my neighbour, he has the key:

Sam Dubois
+32 2 000 00 01
=== two names
The two people to add are:

Sam Dubois
sam@example.org
Kim Peeters
kim@example.org
=== a legal question
Our lawyer says that the message was confidential and privileged. May we disclose it?
=== a question about printing
Should we think of the environment before printing the confidential list?
=== colon and time
Meeting on 24/11/2026 at 10:12, Sam wrote: bring the keys.
I bring them.
=== sent from abroad
The parcel was:
sent from Germany on 24/11/2026.
=== envoyé de
Le dossier a été envoyé de Namur hier.

Envoyé de Namur le 24/11/2026 par la poste recommandée, il n'est jamais arrivé chez vous.
=== header explained
The mail that I got has this in it:

Received: from mx.example.org
X-Spam-Flag: NO

Why does it arrive late?
=== an address with a colon
Write to the mayor, 24/11/2026 at the latest:
mayor@example.org
=== arrows of a menu
> File > Print > Settings does nothing.
I tried it on two computers.
=== prompt of a shell
> ping example.org
Request timed out.
> ipconfig
no address

That is all that I see.
=== arrow as a sign
Temperature -> 40
Pressure => 3
>5 bar is too much, I think
=== ps below the name
It works.

Jess

PS: the other printer is broken too.
=== question below a rule
It works.

--------------------

What of the second one?
=== rule of a form with words in it
Done.

----- second question -----

May I print in colour?
=== dutch on a day
Op 24 november om 10:12 schreef ik u:
mijn lamp is stuk.
=== german on a day
Am 24.11.2026 um 10:12 Uhr habe ich Ihnen geschrieben: die Lampe ist kaputt.
Sie ist es noch.
=== time and address
Please invite, on 24/11/2026 at 10:12, these two: sam@example.org
kim@example.org
=== label lines of a parcel
Van: Gent
Naar: Namen
Datum: 24/11/2026
=== three words
Thanks, that works
=== code fence
```
From: config
Subject: none
```
does not load.
=== initial dashes of speech
- Bonjour, dit-elle.
- Bonjour, dis-je.
-- Et l'imprimante ?
Voilà comment on m'a répondu.
=== signature words in mid text
Kind regards to your colleague, who helped me yesterday.
The printer works.
=== best wishes alone in the middle
Best wishes

to all of you for the new year, and please look at my printer in January.
=== above this line
Please put my answer above this line in the form, it is missing there.
"""
)

HTML = {
    "gmail": (
        '<div dir="ltr">Works now.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, 24 Nov 2026 at 10:12, Desk '
        '&lt;<a href="mailto:desk@example.org">desk@example.org</a>&gt; wrote:<br></div><blockquote class="gmail_quote">Restart.</blockquote>'
        "</div>"
    ),
    "gmail-signature": (
        '<div dir="ltr">Works now.<br clear="all"><br><span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">Jess'
        '<br>Library</div></div><div class="gmail_quote">On Tue, 24 Nov 2026 at 10:12, Desk wrote:<blockquote>Restart.</blockquote></div>'
    ),
    "thunderbird": (
        '<p>Works now.</p><div class="moz-cite-prefix">Am 24.11.26 um 10:12 schrieb Desk:<br></div><blockquote type="cite" cite="mid:1">'
        "<p>Restart.</p></blockquote>"
    ),
    "outlook-desktop": (
        '<div class="WordSection1"><p class="MsoNormal">Works now.<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div '
        'style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Desk &lt;desk@exampl'
        "e.org&gt; <br><b>Sent:</b> Tuesday, November 24, 2026 10:12 AM<br><b>To:</b> Jess<br><b>Subject:</b> Printer<o:p></o:p></p></div>"
        "</div><p>Restart.</p></div>"
    ),
    "outlook-unknown-language": (
        '<p class="MsoNormal">Works now.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        "<p><b>Nga:</b> Desk<br><b>Dërguar:</b> e martë, 24 nëntor 2026 10:12<br><b>Për:</b> Jess<br><b>Lënda:</b> Printer</p></div>"
        "<p>Restart.</p>"
    ),
    "outlook-blue-rule": (
        '<p class="MsoNormal">Works now.</p><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        "<p><b>Nga:</b> Desk<br><b>Dërguar:</b> e martë, 24 nëntor 2026 10:12<br><b>Për:</b> Jess</p></div><p>Restart.</p>"
    ),
    "owa": (
        '<div style="font-size:12pt">Works now.</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%"><div id='
        '"divRplyFwdMsg" dir="ltr"><b>Von:</b> Desk<br><b>Gesendet:</b> Dienstag, 24. November 2026 10:12<br><b>An:</b> Jess<br>'
        "<b>Betreff:</b> Drucker</div><div>Neu starten.</div>"
    ),
    "outlook-mac": (
        '<p>Works now.</p><div id="mail-editor-reference-message-container"><div><p><b>De : </b>Desk<br><b>Date : </b>mardi, 24 novembre 2026 à'
        " 10:12<br><b>À : </b>Jess<br><b>Objet : </b>Imprimante</p></div><p>Relancez.</p></div>"
    ),
    "apple": (
        "<div>Works now.</div><div><br><blockquote type=\"cite\"><div>On 24 Nov 2026, at 10:12, Desk &lt;desk@example.org&gt; wrote:</div><br>"
        "<div>Restart.</div></blockquote></div>"
    ),
    "apple-mobile": (
        '<div dir="ltr">Works now.</div><div dir="ltr"><br>Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On 24 Nov 2026,'
        " at 10:12, Desk &lt;desk@example.org&gt; wrote:<br><br></blockquote></div><blockquote type=\"cite\"><p>Restart.</p></blockquote>"
    ),
    "yahoo": (
        '<div class="yahoo-style-wrap">Works now.</div><div id="yahoo_quoted_123" class="yahoo_quoted"><div><div>Le mardi 24 novembre 2026 à'
        " 10:12:33 UTC+1, Desk &lt;desk@example.org&gt; a écrit :</div><div>Relancez.</div></div></div>"
    ),
    "zimbra": (
        '<div>Works now.</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>De: </b>"Desk"<br><b>À: </b>"Jess"<br>'
        '<b>Envoyé: </b>Mardi 24 Novembre 2026 10:12:33<br><b>Objet: </b>Imprimante</div><div data-marker="__QUOTED_TEXT__">Relancez.</div>'
    ),
    "zoho": (
        '<div>Works now.</div><div class="zmail_extra_hr" style="border-top:1px solid"></div><div class="zmail_extra">---- On Tue, 24 Nov 2026'
        ' 10:12:33 +0100 <b>Desk</b> wrote ---<br><blockquote>Restart.</blockquote></div>'
    ),
    "protonmail": (
        '<div>Works now.</div><div class="protonmail_quote">Le mardi 24 novembre 2026 à 10:12, Desk &lt;desk@example.org&gt; a écrit :<br>'
        '<blockquote class="protonmail_quote" type="cite">Relancez.</blockquote></div>'
    ),
    "tutanota": (
        '<div>Works now.</div><br>24 Nov 2026, 10:12 by desk@example.org:<br><blockquote class="tutanota_quote">Restart.</blockquote>'
    ),
    "gmx": (
        '<div>Works now.</div><div name="quote" style="margin:10px 5px"><div><b>Gesendet:</b> Dienstag, 24. November 2026 um 10:12 Uhr<br>'
        "<b>Von:</b> Desk<br><b>An:</b> Jess<br><b>Betreff:</b> Drucker</div><div>Neu starten.</div></div>"
    ),
    "roundcube": (
        '<p>Works now.</p><p id="reply-intro">On 2026-11-24 10:12, Desk wrote:</p><blockquote type="cite"><div>Restart.</div></blockquote>'
    ),
    "outlook-express": (
        '<DIV><FONT size=2>Works now.</FONT></DIV><BLOCKQUOTE style="BORDER-LEFT: #000000 2px solid"><DIV>----- Original Message ----- </DIV>'
        "<DIV><B>From:</B> Desk </DIV><DIV><B>To:</B> Jess</DIV><DIV><B>Sent:</B> Tuesday, November 24, 2026 10:12 AM</DIV><DIV>Restart.</DIV>"
        "</BLOCKQUOTE>"
    ),
    "notes": (
        '<font face="sans-serif">Works now.</font><br><br><font color="#5f5f5f">From: </font><font>Desk</font><br><font color="#5f5f5f">To: '
        '</font><font>jess@example.org</font><br><font color="#5f5f5f">Date: </font><font>24/11/2026 10:12</font><br><font>Subject: </font>'
        "<font>Printer</font><hr noshade><br>Restart."
    ),
    "spark": (
        '<div>Works now.</div><div name="messageReplySection">On 24 Nov 2026 at 10:12 +0100, Desk &lt;desk@example.org&gt;, wrote:<br>'
        '<blockquote type="cite">Restart.</blockquote></div>'
    ),
    "front": (
        '<div>Works now.<br><br><div class="front-signature">Jess<br>Library</div><blockquote type="cite" class="front-blockquote">On November'
        " 24, 2026 at 10:12 AM GMT+1 desk@example.org wrote:<br><br>Restart.</blockquote></div>"
    ),
    "mail.ru": (
        '<div>Works now.</div><blockquote style="border-left:1px solid #0857A6">Вторник, 24 ноября 2026, 10:12 +03:00 от Desk &lt;desk@exampl'
        'e.org&gt;:<br><div>Restart.</div></blockquote>'
    ),
    "yandex": "<div>Works now.</div><div><br></div><div>24.11.2026, 10:12, \"Desk\" &lt;desk@example.org&gt;:</div><blockquote>Restart.</blockquote>",
    "qq": (
        '<div>Works now.</div><div style="font-size:12px;">------------------&nbsp;Original&nbsp;------------------</div><div><div><b>From: '
        '</b>"Desk"&lt;desk@example.org&gt;;</div><div><b>Date: </b>Tue, Nov 24, 2026 10:12 AM</div></div><div>Restart.</div>'
    ),
    "missive": (
        '<div>Works now.</div><div class="missive_quote">On November 24, 2026 at 10:12 AM, Desk (desk@example.org) wrote:<blockquote>Restart.'
        "</blockquote></div>"
    ),
    "superhuman": (
        '<div>Works now.</div><div class="gmail_signature">Sent via Superhuman</div><br><div class="gmail_quote">On Tue, Nov 24, 2026 at 10:12'
        ' AM, Desk &lt;desk@example.org&gt; wrote:<br><blockquote class="gmail_quote">Restart.</blockquote></div>'
    ),
    "ionos": (
        '<p>Works now.</p><blockquote type="cite"><div>Desk &lt;desk@example.org&gt; hat am 24.11.2026 10:12 CET geschrieben:</div><div>Neu '
        "starten.</div></blockquote>"
    ),
    "evolution": "<div>Works now.</div><div>On Tue, 2026-11-24 at 10:12 +0100, Desk wrote:</div><blockquote type=\"cite\">Restart.</blockquote>",
    "groupwise": "<p>Works now.</p><br>&gt;&gt;&gt; Desk &lt;desk@example.org&gt; 24.11.2026 10:12 &gt;&gt;&gt;<br>Restart.",
    "windows-mail": (
        '<p>Works now.</p><p>Provenance : Courrier pour Windows</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>De : </b>Desk'
        "<br><b>Envoyé le :</b>mardi 24 novembre 2026 10:12<br><b>À : </b>Jess<br><b>Objet :</b>Imprimante</p></div><p>Relancez.</p>"
    ),
    "em-client": (
        '<div>Works now.</div><div>------ Original Message ------</div><div>From "Desk" &lt;desk@example.org&gt;</div><div>To "Jess"</div><div>'
        'Date 24/11/2026 10:12:33</div><div>Subject Printer</div><div id="x1"><blockquote cite="1" type="cite">Restart.</blockquote></div>'
    ),
}
"""All of them say "Works now." and quote the desk."""
