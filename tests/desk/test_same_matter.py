"""Eighty follow-ups to closed tickets, as people write them: which are the same matter, and how often we are right."""

from __future__ import annotations

from mailgate.desk.same_matter import compare, stem

# A ticket, four follow-ups on the same matter, four on another one.
PAIRS: list[tuple[str, list[str], list[str]]] = [
    (
        "La nómina no cierra. Al cerrar la nómina de octubre sale «error 512» con los empleados nuevos.",
        ["Volvió a salir el error 512.", "Sigue igual, no deja cerrar.",
         "Hoy intenté el cierre de nómina de noviembre y los empleados nuevos no quedaron liquidados.",
         "¿Hay que reinstalar para que cierre la nómina?"],
        ["Buenos días, la impresora de facturas del punto de venta imprime en blanco desde ayer.",
         "Quisiera cotizar dos licencias adicionales para la sede de Cali, ¿qué precio tienen?",
         "Nos cambiaron el servidor y el programa de inventarios no conecta con la base.",
         "Otro tema: necesito el certificado de retención del año pasado para la DIAN."],
    ),
    (
        "No imprime la factura. La impresora Epson saca las facturas en blanco desde el punto de venta.",
        ["La impresora otra vez saca hojas en blanco.", "Cambiamos el cable de la Epson y nada, facturas en blanco.",
         "Todavía no imprime.", "Les mando foto de la factura que imprimió hoy, sale borrosa."],
        ["Necesitamos crear un usuario nuevo para la contadora, con permisos de consulta únicamente.",
         "¿Cuándo es la próxima capacitación de exógena? Somos tres personas interesadas.",
         "Al conciliar el banco de noviembre no cuadran los saldos iniciales del extracto.",
         "No podemos enviar los comprobantes electrónicos: la DIAN rechaza el certificado digital vencido."],
    ),
    (
        "Facturación electrónica rechazada por la DIAN: regla FAK24, el NIT del adquirente no coincide.",
        ["La DIAN rechazó de nuevo la factura con la misma regla.", "¿El NIT del adquirente va con dígito?",
         "Corregimos el NIT y ahora la factura electrónica fue rechazada por otra regla, FAJ43.",
         "Persiste el rechazo FAK24."],
        ["Los vendedores no pueden registrar pedidos desde el celular, la aplicación se cierra sola.",
         "El reporte de cartera por edades muestra vencimientos de clientes que ya pagaron.",
         "Solicito instalar el programa en el computador nuevo de la recepción.",
         "Tengo una consulta diferente: cómo parametrizo las vacaciones de los empleados."],
    ),
    (
        "Inventario descuadrado: el kardex de la bodega principal muestra existencias negativas.",
        ["Aparecen otra vez existencias negativas en la bodega.", "El kardex del producto 4410 sigue negativo.",
         "Ajustamos el inventario de la bodega principal y el kardex no cambió.", "Igual que antes, negativo."],
        ["¿Me ayudan a anular un recibo de caja que quedó con fecha equivocada?",
         "La contraseña del administrador se bloqueó después de tres intentos fallidos.",
         "Queremos migrar los terceros desde un archivo de Excel antes de fin de mes.",
         "El correo donde llegan las facturas de los proveedores cambió, ¿cómo lo actualizo?"],
    ),
    (
        "No puedo ingresar al sistema: dice usuario o clave incorrecta desde que cambiamos el computador.",
        ["Otra vez usuario o clave incorrecta.", "La clave que me dieron no sirve para ingresar.",
         "Mi compañera tampoco puede ingresar con su usuario.", "Sigue sin dejarme entrar."],
        ["El balance de prueba no incluye las cuentas de orden, ¿dónde se configura?",
         "Necesitamos facturar en dólares a un cliente de Ecuador, ¿cómo se registra la tasa?",
         "Se dañó el lector de códigos de barras de la caja dos, no lee los productos.",
         "Requerimos copia de la póliza anual y de la factura de renovación."],
    ),
    (
        "Backup: la copia de seguridad automática falla con disco lleno todas las noches.",
        ["La copia de anoche volvió a fallar.",
         "Liberamos espacio en el disco y la copia de seguridad siguió fallando.",
         "¿Puedo mover la copia a otro disco externo?", "Mismo mensaje de disco lleno."],
        ["Un empleado se retiró y hay que liquidarle las prestaciones, pero no aparece en la lista.",
         "Los precios de la lista mayorista no se actualizan en el punto de venta.",
         "Quiero presentar una felicitación por la atención de la ingeniera Paola.",
         "La página web de pedidos muestra productos agotados como disponibles."],
    ),
    (
        "El reporte de ventas por vendedor tarda veinte minutos y bloquea la caja.",
        ["El reporte de ventas hoy tardó media hora.", "Otra vez se bloqueó la caja mientras salía el reporte.",
         "¿Se puede programar ese reporte por la noche?", "Continúa lento."],
        ["Hay que cambiar el logo y la resolución de facturación en el formato de impresión.",
         "El certificado laboral sale sin la firma del gerente.",
         "No llegan los correos de confirmación a nuestros clientes de Hotmail.",
         "Nos sale una diferencia en el cálculo del ICA de Medellín."],
    ),
    (
        "Exógena: el formato 1001 no incluye los pagos a extranjeros sin NIT.",
        ["El formato 1001 sigue sin los extranjeros.", "Agregamos los pagos y el 1001 los muestra dobles.",
         "¿Los extranjeros sin NIT van con 444444?", "De nuevo faltan pagos en la exógena."],
        ["La balanza de la carnicería no transmite el peso al programa.",
         "Por favor desactivar el usuario de Camila Torres, ya no trabaja con nosotros.",
         "La cámara del huellero no reconoce a los operarios del turno de noche.",
         "¿Tienen manual para configurar la nómina electrónica con aprendices del SENA?"],
    ),
    (
        "The invoice printer prints blank pages since the update to version 8.",
        ["It prints blank pages again.", "We reinstalled version 8 and the printer still does the same.",
         "Is there a new printer driver for the invoice format?", "Same thing today."],
        ["We would like to add two users from the accounting department with read permission.",
         "The bank reconciliation for November shows a wrong opening balance.",
         "Different question: how do we register an invoice in euros for a Spanish customer?",
         "The nightly backup stopped with a message about insufficient disk space."],
    ),
    (
        "Las vacaciones de Marta quedaron liquidadas con el salario anterior, falta el aumento de julio.",
        ["Revisé y las vacaciones de Marta siguen con el salario anterior.",
         "¿El aumento se toma desde julio o desde agosto?", "Quedó mal la liquidación, no incluye el aumento.",
         "Reabrir por favor, no cambió."],
        ["El datáfono no sincroniza las ventas con tarjeta desde el viernes.",
         "Nos piden habilitar el documento soporte electrónico para compras a no obligados.",
         "El servidor se apagó por un corte de luz y ahora pide reparar las tablas.",
         "¿Cómo bloqueo los periodos contables anteriores para que nadie los modifique?"],
    ),
]  # fmt: skip


def scores() -> dict[str, float]:
    """Precision and recall of «same matter» over the pairs, and how many they are."""
    same = [compare(ticket, text).same for ticket, texts, _ in PAIRS for text in texts]
    other = [compare(ticket, text).same for ticket, _, texts in PAIRS for text in texts]
    right, wrong = sum(same), sum(other)
    return {"pairs": len(same) + len(other), "precision": right / (right + wrong), "recall": right / len(same)}


def test_most_follow_ups_are_judged_as_a_person_would() -> None:
    found = scores()
    assert found["pairs"] == 80
    assert found["precision"] >= 0.95
    assert found["recall"] >= 0.95


def test_the_measure_tells_the_words_in_common() -> None:
    found = compare("La impresora no imprime facturas", "Las impresoras nuevas imprimen las facturas a medias hoy")
    assert found.same
    assert {"impresoras", "facturas"} <= set(found.common)


def test_whoever_names_another_matter_is_believed() -> None:
    assert not compare("La nómina no cierra", "Otro tema de la nómina: cómo cierro el año?").same


def test_words_of_one_family_have_one_stem_and_short_words_keep_their_ends() -> None:
    assert {stem(word) for word in ("facturacion", "facturas", "facturar", "facturado", "factura")} == {"factur"}
    assert {stem(word) for word in ("imprimir", "imprimen", "imprimiendo", "imprimio")} == {"imprim"}
    assert [stem(word) for word in ("luna", "mesa", "nubes", "1042", "desconfigurada")] == [
        "luna", "mesa", "nube", "1042", "desconf",
    ]  # fmt: skip


def test_few_words_and_words_of_going_on_mean_the_ticket_and_another_matter_is_said_outright() -> None:
    ticket = "La impresora de recepción no imprime facturas"
    assert compare(ticket, "contabilidad nube permisos").same  # too few to tell of something new
    assert not compare(ticket, "contabilidad nube permisos usuarios").same
    assert compare(ticket, "sigue contabilidad nube permisos usuarios").same
    eight = "sigue contabilidad nube permisos usuarios servidor bodega cartera inventario"
    assert not compare(ticket, eight).same  # it goes on, but with what?
    assert compare(ticket, f"{eight} impresora").same
    assert not compare(ticket, "otro tema: la impresora no imprime facturas").same
    assert compare(ticket, "").same
    told = compare(ticket, "La impresora imprime borroso")
    assert (told.common, told.share) == (("impresora", "imprime"), 2 / 3)
